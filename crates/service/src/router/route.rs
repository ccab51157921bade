//! Which resource a path names, and what may be done with it.

use http::Method;

/// A resource of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// `/pets`
    Pets,
    /// `/pets/purchase`
    Purchase,
    /// `/pets/purchases`
    Purchases,
    /// `/pets/sales`
    Sales,
    /// `/pets/{petId}`, with the segment as it was sent.
    Pet(&'a str),
}

impl<'a> Route<'a> {
    /// Fixed segments are compared as they were sent: the gateway has decided by the same bytes.
    pub(super) fn find(path: &'a str) -> Option<Self> {
        let rest = path.strip_prefix("/pets")?;
        match rest.strip_prefix('/') {
            None if rest.is_empty() => Some(Self::Pets),
            None | Some("") => None,
            Some("purchase") => Some(Self::Purchase),
            Some("purchases") => Some(Self::Purchases),
            Some("sales") => Some(Self::Sales),
            Some(segment) if !segment.contains('/') => Some(Self::Pet(segment)),
            Some(_) => None,
        }
    }

    /// The methods besides OPTIONS.
    pub(super) fn methods(self) -> &'static [Method] {
        match self {
            Self::Pets => &[Method::GET, Method::POST],
            Self::Purchase => &[Method::POST],
            Self::Purchases | Self::Sales => &[Method::GET],
            Self::Pet(_) => &[Method::DELETE],
        }
    }

    /// All methods, as headers list them.
    pub(super) fn allow(self) -> String {
        self.methods().iter().fold("OPTIONS".to_owned(), |list, method| format!("{list}, {method}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_one_resource_or_none() {
        let check = |path: &str, route: Option<Route>| assert_eq!(Route::find(path), route, "{path}");
        check("/pets", Some(Route::Pets));
        check("/pets/purchase", Some(Route::Purchase));
        check("/pets/purchases", Some(Route::Purchases));
        check("/pets/sales", Some(Route::Sales));
        check("/pets/12", Some(Route::Pet("12")));
        check("/pets/%70urchase", Some(Route::Pet("%70urchase")));
        for path in
            ["", "/", "/pet", "/petsx", "/pets/", "/pets//", "/pets/1/", "/pets//1", "/pets/1/2", "//pets", "/Pets"]
        {
            check(path, None);
        }
    }
}
