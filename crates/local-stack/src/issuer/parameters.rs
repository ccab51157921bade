//! The parameters of a request, from its query or its form body. A parameter that is there twice makes the request
//! invalid, one without a value counts as left out (RFC 6749 §3.1 and §3.2).

/// Names and values, decoded, in order.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

/// The parameter is there more than once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repeated(pub(super) String);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded`. Bytes that are no UTF-8 become U+FFFD, which no value here contains.
    pub(super) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The value of a parameter that may be there once.
    pub(super) fn get(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Repeated(name.to_owned())),
            (value, None) => Ok(value),
        }
    }

    /// Fails if any parameter is there twice, a known one or not.
    pub(super) fn each_once(&self) -> Result<(), Repeated> {
        self.0.iter().try_for_each(|(name, _)| self.get(name).map(drop))
    }

    /// Names and values, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_may_be_there_once_and_an_empty_one_is_not_there() {
        let parameters = Parameters::parse(b"a=1&b=2&b=3&c=&d&e=%C3%A9+x&e2=%ff");
        assert_eq!(parameters.get("a"), Ok(Some("1")));
        assert_eq!(parameters.get("b"), Err(Repeated("b".into())));
        assert_eq!(parameters.get("c"), Ok(None));
        assert_eq!(parameters.get("d"), Ok(None));
        assert_eq!(parameters.get("e"), Ok(Some("é x")));
        assert_eq!(parameters.get("e2"), Ok(Some("\u{fffd}")));
        assert_eq!(parameters.each_once(), Err(Repeated("b".into())));
        assert_eq!(Parameters::parse(b"a=1&b=2&a=").each_once(), Ok(()));
    }
}
