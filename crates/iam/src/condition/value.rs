//! Values of conditions by the type that the operator compares. Numbers are decimal fixed-point, so that nothing is
//! rounded; dates are the W3C profile of ISO 8601 or epoch seconds; addresses are CIDR blocks.

use std::net::IpAddr;

use base64::{Engine, prelude::BASE64_STANDARD};
use ipnet::IpNet;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::operator::Test;
use crate::{
    error::Problem,
    glob::Case,
    pattern::{Pattern, Syntax},
    request::Context,
    trace::Wanted,
};

/// A value of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(Pattern),
    Arn(Box<[Pattern; 6]>),
    Number(i128),
    Date(OffsetDateTime),
    Bool(Pattern),
    Binary(Vec<u8>),
    Ip(IpNet),
    /// Of `Null`: whether the key is to be absent.
    Absent(bool),
}

/// A value of a request.
pub(crate) enum Got<'a> {
    Text(&'a str),
    Arn([&'a str; 6]),
    Number(i128),
    Date(OffsetDateTime),
    Ip(IpAddr),
}

impl Value {
    /// `syntax` says whether variables are allowed; wildcards are the operator's own matter.
    pub fn parse(test: Test, text: &str, syntax: Syntax) -> Result<Self, Problem> {
        let wild = Syntax { wildcards: true, ..syntax };
        let or = |problem| move || Problem::Value(problem);
        Ok(match test {
            Test::Equals | Test::EqualsIgnoreCase => Self::Text(Pattern::parse(text, syntax)?),
            Test::Like => Self::Text(Pattern::parse(text, wild)?),
            Test::Arn => {
                let components = Pattern::parse(text, wild)?.components();
                let components = components.ok_or_else(or("an ARN of six components"))?;
                Self::Arn(Box::new(components))
            }
            Test::Number(_) => Self::Number(
                number(text).ok_or_else(or("a decimal number of at most 18 digits on either side of the point"))?,
            ),
            Test::Date(_) if text.len() == 4 => {
                return Err(Problem::Value("clear: four digits could be a year or epoch seconds"));
            }
            Test::Date(_) => {
                Self::Date(date(text).ok_or_else(or("a date like 2026-01-31, 2026-01-31T23:59:59Z or epoch seconds"))?)
            }
            Test::Bool => {
                let pattern = Pattern::parse(text, syntax)?;
                if !pattern.has_variables() && boolean(text).is_none() {
                    return Err(Problem::Value("true or false"));
                }
                Self::Bool(pattern)
            }
            Test::Binary => Self::Binary(BASE64_STANDARD.decode(text).map_err(|_| or("base64")())?),
            Test::Ip => {
                Self::Ip(net(text).ok_or_else(or("an address or a CIDR block like 203.0.113.0/24 or 2001:db8::/32"))?)
            }
            Test::Null => Self::Absent(boolean(text).ok_or_else(or("true or false"))?),
        })
    }

    /// Whether the request's value is what the document's says; `None` when a variable has no value.
    pub fn matches(&self, test: Test, got: &Got<'_>, context: &Context) -> Option<bool> {
        Some(match (self, got, test) {
            (Self::Text(wanted), Got::Text(got), Test::EqualsIgnoreCase) => {
                wanted.matches(got, context, Case::Unicode)?
            }
            (Self::Text(wanted), Got::Text(got), _) => wanted.matches(got, context, Case::Sensitive)?,
            (Self::Arn(wanted), Got::Arn(got), _) => {
                let mut all = true;
                for (wanted, got) in wanted.iter().zip(got) {
                    all &= wanted.matches(got, context, Case::Sensitive)?;
                }
                all
            }
            (Self::Number(wanted), Got::Number(got), Test::Number(is)) => is.holds(got.cmp(wanted)),
            (Self::Date(wanted), Got::Date(got), Test::Date(is)) => is.holds(got.cmp(wanted)),
            (Self::Bool(wanted), Got::Text(got), _) => {
                let wanted = wanted.text(context)?;
                boolean(&wanted).is_some() && boolean(&wanted) == boolean(got)
            }
            (Self::Binary(wanted), Got::Text(got), _) => wanted == got.as_bytes(),
            (Self::Ip(wanted), Got::Ip(got), _) => wanted.contains(got),
            _ => false,
        })
    }
}

impl<'a> Got<'a> {
    /// `None` when the text isn't of the operator's type.
    pub fn read(test: Test, text: &'a str) -> Option<Self> {
        Some(match test {
            Test::Equals | Test::EqualsIgnoreCase | Test::Like | Test::Binary | Test::Null => Self::Text(text),
            Test::Bool => boolean(text).map(|_| Self::Text(text))?,
            Test::Number(_) => Self::Number(number(text)?),
            Test::Date(_) => Self::Date(date(text)?),
            Test::Ip => Self::Ip(text.parse().ok()?),
            Test::Arn => {
                let components: Vec<_> = text.splitn(6, ':').collect();
                Self::Arn(components.try_into().ok()?)
            }
        })
    }
}

/// An ARN as a trace shows it.
pub(crate) fn wanted_arn(components: &[Pattern; 6], written: &str, context: &Context) -> Wanted {
    let mut wanted = Wanted::plain(written);
    if components.iter().any(Pattern::has_variables)
        && !components.iter().any(|component| component.lacks_a_value(context))
    {
        let resolved = components.each_ref().map(|component| {
            let shown = component.wanted("", context).resolved;
            shown.or_else(|| component.text(context)).unwrap_or_default()
        });
        wanted.resolved = Some(resolved.join(":"));
    }
    wanted
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

const FRACTION_DIGITS: usize = 18;

/// In units of 10⁻¹⁸.
fn number(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    let all_digits = |part: &str| part.len() <= FRACTION_DIGITS && part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let units: i128 = format!("{whole}{fraction:0<FRACTION_DIGITS$}").parse().ok()?;
    Some(if negative { -units } else { units })
}

fn date(text: &str) -> Option<OffsetDateTime> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if is_digits(text) {
        return OffsetDateTime::from_unix_timestamp(text.parse().ok()?).ok();
    }
    let (day, clock) = match text.split_once('T') {
        Some((day, clock)) if day.len() == 10 => (day, Some(clock)),
        Some(_) => return None,
        None => (text, None),
    };
    let day = match day.len() {
        7 => format!("{day}-01"),
        10 => day.to_owned(),
        _ => return None,
    };
    let clock = match clock {
        None => "00:00:00Z".to_owned(),
        // Hours and minutes alone, before the zone.
        Some(clock) if clock.get(5..6).is_some_and(|next| next != ":") => {
            format!("{}:00{}", &clock[..5], &clock[5..])
        }
        Some(clock) => clock.to_owned(),
    };
    OffsetDateTime::parse(&format!("{day}T{clock}"), &Rfc3339).ok()
}

fn net(text: &str) -> Option<IpNet> {
    match text.parse() {
        Ok(net) => Some(net),
        Err(_) => text.parse::<IpAddr>().ok().map(IpNet::from),
    }
}
