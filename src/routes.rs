//! Every path of the page, with its builder, and which page a path is of.

use domain::{ApiCall, PetId};

/// The list of pets.
pub const HOME: &str = "/";
/// The ways to sign in.
pub const LOGIN: &str = "/login";
/// Who may do what, and who decided.
pub const ACCESS: &str = "/access";
/// Where the issuer sends people back to.
pub const CALLBACK: &str = "/callback";

/// The query parameter of [`LOGIN`] that says where to go afterwards.
pub const RETURN_TO: &str = "to";

/// The query parameter of [`ACCESS`] that names the call in question.
pub const CALL: &str = "call";

/// Which page an address is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// [`HOME`].
    Home,
    /// [`ACCESS`].
    Access,
    /// [`LOGIN`].
    Login,
    /// [`CALLBACK`].
    Callback,
    /// [`purchase`].
    Purchase,
    /// None.
    Nowhere,
}

impl Route {
    /// By its path; a slash at the end makes no difference.
    pub fn of(path: &str) -> Self {
        match path.trim_end_matches('/') {
            "" => Self::Home,
            ACCESS => Self::Access,
            LOGIN => Self::Login,
            CALLBACK => Self::Callback,
            path if to_buy(path).is_some() => Self::Purchase,
            _ => Self::Nowhere,
        }
    }
}

/// What stands for the pet's number in the path of a [`purchase`].
pub fn to_buy(path: &str) -> Option<&str> {
    let id = path.trim_end_matches('/').strip_prefix("/pets/")?.strip_suffix("/purchase")?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

/// Signing in, and coming back to `path` afterwards.
pub fn login(path: &str) -> String {
    if path == HOME { LOGIN.to_owned() } else { with_query(LOGIN, &[(RETURN_TO, path.to_owned())]) }
}

/// Buying one pet.
pub fn purchase(id: PetId) -> String {
    format!("/pets/{id}/purchase")
}

/// The list with these parameters.
pub fn home(pairs: &[(&str, String)]) -> String {
    with_query(HOME, pairs)
}

/// Why a call is allowed or refused.
pub fn why(call: &ApiCall) -> String {
    with_query(ACCESS, &[(CALL, call.to_string())]).replace('+', "%20")
}

/// Why somebody has no role.
pub const WHY_NO_ROLE: &str = "/access#role";
/// Why somebody has no credentials.
pub const WHY_NO_CREDENTIALS: &str = "/access#trust-policy";

fn with_query(path: &str, pairs: &[(&str, String)]) -> String {
    if pairs.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_page() {
        for (path, route) in [
            ("/", Route::Home),
            ("/access", Route::Access),
            ("/login", Route::Login),
            ("/login/", Route::Login),
            ("/callback", Route::Callback),
            ("/pets/7/purchase", Route::Purchase),
            ("/pets/what/purchase/", Route::Purchase),
            ("/pets//purchase", Route::Nowhere),
            ("/pets/7/8/purchase", Route::Nowhere),
            ("/pets/7", Route::Nowhere),
            ("/Login", Route::Nowhere),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
        assert_eq!(to_buy("/pets/7/purchase/"), Some("7"));
    }

    #[test]
    fn what_goes_into_a_query_is_encoded() {
        assert_eq!(login("/"), "/login");
        assert_eq!(login("/pets/1/purchase"), "/login?to=%2Fpets%2F1%2Fpurchase");
        assert_eq!(home(&[]), "/");
        assert_eq!(home(&[("type", "a&b=c d".to_owned())]), "/?type=a%26b%3Dc+d");
        assert_eq!(why(&domain::PURCHASE), "/access?call=POST%20%2Fpets%2Fpurchase");
        assert_eq!(purchase(PetId::new(7).unwrap()), "/pets/7/purchase");
    }
}
