//! What the list shows, in the page's address: `?type=&status=&sort=`, the words of the API. A parameter that makes no
//! sense counts as absent: an address is no form, and a person can't be asked to mend one.

use domain::ListQuery;

const NAMES: [&str; 3] = ["type", "status", "sort"];

/// What an address asks for; `parameter` gives the value of a name.
pub fn read(parameter: impl Fn(&str) -> Option<String>) -> ListQuery {
    let mut query = ListQuery::default();
    for name in NAMES {
        let value = parameter(name).unwrap_or_default();
        let Ok(read) = ListQuery::from_pairs([(name, value.as_str())]) else { continue };
        match name {
            "type" => query.kind = read.kind,
            "status" => query.status = read.status,
            _ => query.sort = read.sort,
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use domain::{Sort, Status};

    use super::*;

    #[test]
    fn what_makes_no_sense_counts_as_absent() {
        let read = |pairs: &[(&str, &str)]| {
            read(|name| pairs.iter().find(|(of, _)| *of == name).map(|(_, value)| (*value).to_owned()))
        };
        let query = read(&[("type", "Guinea pig"), ("status", "sold"), ("sort", "-price"), ("limit", "1")]);
        assert_eq!(query.kind.unwrap().as_str(), "Guinea pig");
        assert_eq!((query.status, query.sort), (Some(Status::Sold), Sort::PriceDescending));
        assert_eq!(read(&[("type", "\u{202e}"), ("status", "?"), ("sort", "-")]), ListQuery::default());
    }
}
