//! Every call of the API, and who is meant to make it: what the page expects where it can't read the policies. The
//! documents decide; whoever has them at hand asks them (`explain`).

use std::fmt;

use crate::Role;

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiCall {
    /// In capitals.
    pub method: &'static str,
    /// Behind the stage, with the names of parameters in braces.
    pub path: &'static str,
    /// Who is meant to make it; everybody where it is nobody's in particular.
    pub role: Option<Role>,
}

/// The list of pets.
pub const LIST: ApiCall = ApiCall { method: "GET", path: "/pets", role: None };
/// A new pet.
pub const ADD: ApiCall = ApiCall { method: "POST", path: "/pets", role: Some(Role::Admin) };
/// A pet less.
pub const REMOVE: ApiCall = ApiCall { method: "DELETE", path: "/pets/{petId}", role: Some(Role::Admin) };
/// A pet sold.
pub const PURCHASE: ApiCall = ApiCall { method: "POST", path: "/pets/purchase", role: Some(Role::Buyer) };
/// What the caller has bought.
pub const PURCHASES: ApiCall = ApiCall { method: "GET", path: "/pets/purchases", role: Some(Role::Buyer) };
/// What everybody has bought.
pub const SALES: ApiCall = ApiCall { method: "GET", path: "/pets/sales", role: Some(Role::Admin) };

/// All of them, in the order of their paths.
pub const CALLS: [ApiCall; 6] = [LIST, ADD, PURCHASE, PURCHASES, SALES, REMOVE];

impl ApiCall {
    /// Whether somebody who has this role, or none, is meant to make it.
    pub fn is_for(&self, role: Option<Role>) -> bool {
        self.role.is_none() || self.role == role
    }
}

impl fmt::Display for ApiCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{may_buy, may_manage};

    #[test]
    fn who_is_meant_is_who_is_offered_it() {
        for role in [None, Some(Role::Admin), Some(Role::Buyer)] {
            assert!(LIST.is_for(role));
            assert_eq!((PURCHASE.is_for(role), PURCHASES.is_for(role)), (may_buy(role), may_buy(role)));
            assert!([ADD, REMOVE, SALES].iter().all(|call| call.is_for(role) == may_manage(role)));
        }
    }

    #[test]
    fn a_call_reads_as_people_write_it() {
        assert_eq!(REMOVE.to_string(), "DELETE /pets/{petId}");
    }
}
