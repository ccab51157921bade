use super::*;

const TEMPLATE: &str = "\
Parameters:
  Auth0Domain: { Type: String, Description: The domain., AllowedPattern: '[a-z.]+' }
  Architecture: { Type: String, AllowedValues: [arm64, x86_64], Default: arm64 }
  SocialConnections: { Type: CommaDelimitedList, Default: 'amazon,github', AllowedPattern: '(?!auth0$)[a-z0-9-]+' }
  Days: { Type: Number, AllowedValues: [1, 3], Default: 3 }
  Rate: { Type: Number, MinValue: 1, MaxValue: 9, Default: 2 }
  Secret: { Type: String, NoEcho: true, MinLength: 4, Default: none }
Resources: {}
";

fn choose(given: &[(&str, &str)], kept: &[(&str, &str)]) -> Result<Parameters> {
    let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    Parameters::choose(&Template::parse(TEMPLATE).unwrap(), &owned(given), &owned(kept).into_iter().collect())
}

#[test]
fn given_goes_over_kept_and_kept_over_the_default() {
    let kept = [("Auth0Domain", "old.com"), ("Architecture", "x86_64"), ("Rate", "4")];
    let parameters = choose(&[("Auth0Domain", "https://new.com/"), ("Rate", "5")], &kept).unwrap();
    let origin = |name| parameters.chosen.iter().find(|chosen| chosen.name == name).unwrap().origin;
    assert_eq!((parameters.get("Auth0Domain"), origin("Auth0Domain")), (Some("new.com"), Origin::Given));
    assert_eq!((parameters.get("Architecture"), origin("Architecture")), (Some("x86_64"), Origin::Kept));
    assert_eq!((parameters.get("Days"), origin("Days")), (Some("3"), Origin::Default));
    assert_eq!(parameters.notes.len(), 1);
    let sent = parameters.sent();
    let of = |name: &str| sent.iter().find(|sent| sent.parameter_key() == Some(name)).unwrap();
    assert_eq!((of("Architecture").use_previous_value(), of("Architecture").parameter_value()), (Some(true), None));
    assert_eq!(of("Rate").parameter_value(), Some("5"));
}

#[test]
fn every_fault_is_named_with_its_remedy() {
    let domain = ("Auth0Domain", "a.com");
    for (given, named) in [
        (&[][..], "--parameter Auth0Domain=VALUE"),
        (&[domain, ("Auth0domain", "x")], "It has Architecture, Auth0Domain"),
        (&[domain, ("Architecture", "arm")], "arm64, x86_64"),
        (&[domain, ("SocialConnections", "amazon, auth0")], "doesn't match"),
        (&[domain, ("SocialConnections", "")], "an empty value"),
        (&[domain, ("Days", "2")], "1, 3"),
        (&[domain, ("Rate", "many")], "no number"),
        (&[domain, ("Rate", "0")], "MinValue"),
        (&[domain, ("Rate", "10")], "MaxValue"),
        (&[domain, domain], "twice"),
        (&[("Auth0Domain", "http://a.com")], "https"),
        (&[("Auth0Domain", "a1.com")], "doesn't match"),
    ] {
        let error = choose(given, &[]).unwrap_err().to_string();
        assert!(error.contains(named) && error.contains("Nothing was changed"), "{given:?}: {error}");
    }
    assert!(choose(&[domain, ("SocialConnections", "amazon, github")], &[]).is_ok());
}

#[test]
fn all_faults_are_told_at_once_and_a_secret_is_never_shown() {
    let error = choose(&[("Nope", "1"), ("Days", "7"), ("Secret", "abc")], &[]).unwrap_err().to_string();
    for named in ["Nope", "Days", "Auth0Domain", "MinLength"] {
        assert!(error.contains(named), "{named}: {error}");
    }
    assert!(!error.contains("abc"), "{error}");
}
