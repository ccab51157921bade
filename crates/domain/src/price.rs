//! Money, held as whole cents. A float never carries it: JSON numbers are read and written as their decimal text.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

use crate::Invalid;

/// A price between 0.01 and 1,000,000.00 in the shop's currency, held as cents.
///
/// On the wire it is a JSON number with at most two decimals, such as `249.99`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(u32);

const MIN_CENTS: u32 = 1;
const MAX_CENTS: u32 = 100_000_000;

impl Price {
    /// A price of so many cents; refused outside of 1 to 100,000,000.
    pub fn from_cents(cents: u64) -> Result<Self, Invalid> {
        match u32::try_from(cents) {
            Ok(cents @ MIN_CENTS..=MAX_CENTS) => Ok(Self(cents)),
            _ => Err(out_of_range()),
        }
    }

    /// The price in cents.
    pub fn cents(self) -> u32 {
        self.0
    }
}

/// Reads a decimal number as JSON writes it (RFC 8259, section 6), `249.99` or `2.5e2`. A plain number with a third
/// decimal is refused even where it is a zero, for `1.000` is a thousand to half of the world.
impl FromStr for Price {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if let Some(cents) = plain(text) {
            return Self::from_cents(cents);
        }
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (unsigned, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(not_a_number()),
            None => (mantissa, ""),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return Err(not_a_number());
        }
        let shift = match exponent {
            None if fraction.len() > 2 => return Err(too_many_decimals()),
            None => 0,
            Some(text) => {
                let magnitude = text.strip_prefix(['+', '-']).unwrap_or(text);
                if magnitude.is_empty() || !digits(magnitude) {
                    return Err(not_a_number());
                }
                // More digits than these only say "very large" or "very small", whatever they are.
                let magnitude = magnitude.parse::<i64>().unwrap_or(i64::MAX / 4);
                if text.starts_with('-') { -magnitude } else { magnitude }
            }
        };

        let significant = format!("{whole}{fraction}");
        let significant = significant.trim_start_matches('0');
        if significant.is_empty() || text.starts_with('-') {
            return Err(out_of_range());
        }
        let zeros = significant.len() - significant.trim_end_matches('0').len();
        let significant = &significant[..significant.len() - zeros];
        // The value is `significant` followed by this many zeros, in cents.
        let trailing = zeros as i64 + shift + 2 - fraction.len() as i64;
        if trailing < 0 {
            return Err(too_many_decimals());
        }
        if significant.len() as i64 + trailing > 9 {
            return Err(out_of_range());
        }
        let cents = significant.parse::<u64>().map_err(|_| out_of_range())? * 10_u64.pow(trailing as u32);
        Self::from_cents(cents)
    }
}

/// The cents of `249.99`, `249.9` or `249`, as nearly all prices are written. Lists have thousands of them.
fn plain(text: &str) -> Option<u64> {
    let (mut cents, mut decimals) = (0, None);
    if text.len() > 10 || !text.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                cents = cents * 10 + u64::from(byte - b'0');
                decimals = decimals.map(|decimals| decimals + 1);
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            _ => return None,
        }
    }
    match decimals {
        None => Some(cents * 100),
        Some(1) => Some(cents * 10),
        Some(2) => Some(cents),
        Some(_) => None,
    }
}

/// Always two decimals and no currency: `249.90`.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_string();
        let number = text.trim_end_matches('0').trim_end_matches('.').to_owned();
        RawValue::from_string(number).map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer)?.get().parse().map_err(de::Error::custom)
    }
}

fn not_a_number() -> Invalid {
    Invalid::price("The price must be a number, such as 249.99.")
}

fn too_many_decimals() -> Invalid {
    Invalid::price("The price must have at most two decimals, such as 249.99.")
}

fn out_of_range() -> Invalid {
    Invalid::price("The price must be between 0.01 and 1,000,000.00.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, cents: u32) {
        assert_eq!(text.parse::<Price>().map(Price::cents), Ok(cents), "{text}");
    }

    fn refused(text: &str, because: &str) {
        let error = text.parse::<Price>().expect_err(text);
        assert!(error.message.contains(because), "{text}: {}", error.message);
    }

    #[test]
    fn decimal_text_becomes_exact_cents() {
        check("249.99", 24_999);
        check("0.01", 1);
        check("4.9", 490);
        check("0000012.30", 1_230);
        check("1000000.00", 100_000_000);
        check("1e2", 10_000);
        check("2.4999E+2", 24_999);
        check("24999e-2", 24_999);
        check("100e-4", 1);
    }

    #[test]
    fn what_is_no_price_says_why() {
        for text in [
            "", "NaN", "Infinity", "abc", "1,50", "1.", ".5", "1e", "1e+", "+1", " 1", "1 ", "0x10", "\"5\"", "--1",
            "null",
        ] {
            refused(text, "must be a number");
        }
        for text in
            ["0", "-1", "-0.01", "0.00", "1000000.01", "1e400", "1e99999999999999999999", "99999999999999999999"]
        {
            refused(text, "between");
        }
        for text in ["0.001", "-0.001", "1.000", "249.999", "1e-3", "1e-99999999999999999999"] {
            refused(text, "two decimals");
        }
    }

    #[test]
    fn every_price_survives_the_wire_without_a_float() {
        for cents in (1..=100_000_000).step_by(9_973).chain([1, 10, 100, 24_990, 100_000_000]) {
            let price = Price::from_cents(cents).unwrap();
            let json = serde_json::to_string(&price).unwrap();
            assert_eq!(serde_json::from_str::<Price>(&json).unwrap(), price, "{json}");
        }
        assert_eq!(serde_json::to_string(&Price(24_990)).unwrap(), "249.9");
        assert_eq!(serde_json::to_string(&Price(100_000_000)).unwrap(), "1000000");
    }
}
