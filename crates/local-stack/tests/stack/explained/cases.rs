//! Who asks, for which role, to do what: the usual and the odd, mixed by a seed.

use crate::world::{ADMIN_ROLE, BUYER_ROLE};

pub const ROLES: [&str; 5] = [
    ADMIN_ROLE,
    BUYER_ROLE,
    "arn:aws:iam::123456789012:role/ManageFunctionRole",
    "arn:aws:iam::123456789012:role/nobody",
    "arn:aws:iam::123456789012:role/*",
];

/// Every call of the API, some of them in another spelling, and some that it doesn't have.
pub const CALLS: [(&str, &str); 34] = [
    ("GET", "/pets"),
    ("POST", "/pets"),
    ("DELETE", "/pets/1"),
    ("DELETE", "/pets/17"),
    ("DELETE", "/pets/cat"),
    ("DELETE", "/pets/%31"),
    ("DELETE", "/%70ets/1"),
    ("DELETE", "/pets/*"),
    ("DELETE", "/pets/sales"),
    ("POST", "/pets/purchase"),
    ("GET", "/pets/sales"),
    ("GET", "/pets/%73ales"),
    ("GET", "/pets/purchases"),
    ("OPTIONS", "/pets"),
    ("OPTIONS", "/pets/1"),
    ("OPTIONS", "/pets/purchase"),
    ("OPTIONS", "/cats"),
    ("PUT", "/pets"),
    ("PATCH", "/pets/1"),
    ("POST", "/pets/1"),
    ("POST", "/pets/sales"),
    ("GET", "/pets/1"),
    ("GET", "/pets/purchase"),
    ("DELETE", "/pets"),
    ("DELETE", "/pets/1/2"),
    ("DELETE", "/pets/.."),
    ("GET", "/cats"),
    ("GET", "/Pets"),
    ("GET", "/pets/"),
    ("GET", "//pets"),
    ("GET", "/"),
    ("get", "/pets"),
    ("delete", "/pets/1"),
    ("GET", "/explain"),
];

const CONNECTIONS: [&str; 24] = [
    "auth0",
    "amazon",
    "google-oauth2",
    "facebook",
    "apple",
    "github",
    "twitter",
    "samlp|initech",
    "waad",
    "email",
    "sms",
    "AUTH0",
    "Auth0",
    "auth0 ",
    " auth0",
    "*",
    "auth?",
    "a*",
    "amazon*",
    "amazon2",
    "",
    "auth\u{ff10}",
    "\u{430}uth0",
    "${aws:userid}",
];

const IDS: [&str; 12] =
    ["1", "65f1c0de5ca1ab1e0000ad01", "a|auth0|b", "auth0|1", "", "*", "x y", "\u{fc}", "\u{0}", "%7C", "a/b:c", "é"];

/// The next of a row that a seed gives (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn one_in(&mut self, times: u64) -> bool {
        self.next().is_multiple_of(times)
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let length = u64::try_from(of.len()).unwrap();
        &of[usize::try_from(self.next() % length).unwrap()]
    }

    pub fn subject(&mut self) -> String {
        let connection = self.pick(&CONNECTIONS);
        match self.next() % 8 {
            0 => (*connection).to_owned(),
            1 => format!("{}{connection}|{}", self.pick(&["x", " ", "|", "samlp|"]), self.pick(&IDS)),
            2 => format!("{connection}|{}", "9".repeat(300)),
            // People whom a role lets in, most of them.
            3..=5 => format!("{}|{}", self.pick(&CONNECTIONS[..6]), self.pick(&IDS[..4])),
            _ => format!("{connection}|{}", self.pick(&IDS)),
        }
    }
}
