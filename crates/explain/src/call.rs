//! A call as people write it: `DELETE /pets/1`, behind the stage.

use std::{fmt, str::FromStr};

/// A method and a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// In capitals.
    pub method: String,
    /// Behind the stage; a query is no part of it.
    pub path: String,
}

/// What isn't a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a call; write method and path behind the stage, such as 'DELETE /pets/1'")]
pub struct NotACall;

impl FromStr for Call {
    type Err = NotACall;

    fn from_str(text: &str) -> Result<Self, NotACall> {
        let (method, target) = text.trim().split_once(char::is_whitespace).ok_or(NotACall)?;
        let target = target.trim_start();
        let path = target.split_once(['?', '#']).map_or(target, |(path, _)| path);
        let fits = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !fits || !path.starts_with('/') || path.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(NotACall);
        }
        Ok(Self { method: method.to_ascii_uppercase(), path: path.to_owned() })
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_a_method_and_a_path() {
        let check = |text: &str, call: &str| assert_eq!(text.parse::<Call>().unwrap().to_string(), call);
        check("DELETE /pets/1", "DELETE /pets/1");
        check(" get  /pets?limit=1 ", "GET /pets");
        for text in ["", "GET", "/pets", "GET pets", "GET /a b", "G3T /pets", "GET /a\u{7}"] {
            assert_eq!(text.parse::<Call>(), Err(NotACall), "{text}");
        }
    }
}
