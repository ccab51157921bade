//! The routes that a function answers, as the template writes them.

/// One method of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Such as `GET`.
    pub method: &'static str,
    /// The resource's path, with a parameter as API Gateway writes one: `/pets/{petId}`.
    pub path: &'static str,
}

impl Route {
    /// Whether it takes this method on the resource that API Gateway chose. A preflight may be asked of every resource.
    pub(crate) fn takes(&self, method: &str, resource: &str) -> bool {
        self.path == resource && (self.method == method || method == "OPTIONS")
    }

    /// The end of a request's path that is this resource's; before it may be a stage, or the mapping of a domain.
    pub(crate) fn end_of<'a>(&self, path: &'a str) -> Option<&'a str> {
        let segments = self.path.split('/').skip(1);
        let start = path.rmatch_indices('/').nth(segments.clone().count() - 1)?.0;
        let end = &path[start..];
        let fits = |(pattern, segment): (&str, &str)| match pattern.starts_with('{') {
            true => !segment.is_empty(),
            false => segment == pattern,
        };
        segments.zip(end.split('/').skip(1)).all(fits).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PETS: Route = Route { method: "GET", path: "/pets" };
    const PET: Route = Route { method: "DELETE", path: "/pets/{petId}" };

    #[test]
    fn a_route_takes_its_method_and_a_preflight() {
        assert!(PETS.takes("GET", "/pets") && PETS.takes("OPTIONS", "/pets"));
        for (method, resource) in
            [("POST", "/pets"), ("HEAD", "/pets"), ("get", "/pets"), ("GET", "/pets/sales"), ("GET", ""), ("", "/pets")]
        {
            assert!(!PETS.takes(method, resource), "{method} {resource}");
        }
    }

    #[test]
    fn what_stands_before_the_resource_is_left_out() {
        let check = |route: Route, path: &str, end: Option<&str>| assert_eq!(route.end_of(path), end, "{path}");
        check(PETS, "/pets", Some("/pets"));
        check(PETS, "/test/pets", Some("/pets"));
        check(PETS, "/pets/pets", Some("/pets"));
        check(PET, "/pets/12", Some("/pets/12"));
        check(PET, "/test/pets/%31", Some("/pets/%31"));
        check(PET, "/shop/v1/pets/12", Some("/pets/12"));
    }

    #[test]
    fn another_path_has_no_such_end() {
        for path in ["", "/", "pets", "/pets/", "/pets/12", "/Pets", "/petss", "//", "/pets?x=/pets2"] {
            assert_eq!(PETS.end_of(path), None, "{path}");
        }
        for path in ["/pets", "/pets/", "/12", "/cats/12", "/pets/1/2", "pets/12"] {
            assert_eq!(PET.end_of(path), None, "{path}");
        }
    }
}
