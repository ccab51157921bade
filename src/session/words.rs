//! Words for what others said no to.

use super::Refusal;

pub(super) fn denied(_code: &str, description: &str) -> String {
    description.to_owned()
}
pub(super) fn refused(refusal: &Refusal) -> String {
    refusal.message.clone()
}
