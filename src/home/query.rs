//! What the list shows, in the page's address: `?type=&status=&sort=`, the words of the API. A parameter that makes no
//! sense counts as absent: an address is no form, and a person can't be asked to mend one.

use domain::ListQuery;
use leptos_router::params::ParamsMap;

const NAMES: [&str; 3] = ["type", "status", "sort"];

/// What an address asks for.
pub fn read(parameters: &ParamsMap) -> ListQuery {
    let mut query = ListQuery::default();
    for name in NAMES {
        let value = parameters.get(name).unwrap_or_default();
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
        let parameters = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<ParamsMap>()
        };
        let query =
            read(&parameters(&[("type", "Guinea pig"), ("status", "sold"), ("sort", "-price"), ("limit", "1")]));
        assert_eq!(query.kind.unwrap().as_str(), "Guinea pig");
        assert_eq!((query.status, query.sort), (Some(Status::Sold), Sort::PriceDescending));
        assert_eq!(read(&parameters(&[("type", "\u{202e}"), ("status", "?"), ("sort", "-")])), ListQuery::default());
    }
}
