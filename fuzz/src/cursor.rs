//! Cursors. The lines of the input are a list that is asked for, a list whose cursor is given, how many of that list's
//! walks were empty before the cursor's place, and the place; then edits of the cursor (`edits`). With `raw` instead
//! of the second list, the fourth line is the cursor itself. A list is a query (`status=sold&sort=price`), `sales`, or
//! `purchases` and a buyer's key.
//!
//! - A cursor is taken by the list that gave it, as it gave it, and by no other; a made-up one by none.
//! - What is asked of the table then is of the list's own partition and index, after the cursor's place, which looks
//!   like one.
//! - A page that ends at that place gives the very cursor again.
//!
//! The table is one of our own (`table`), behind the SDK, so all of it goes through what `service` shows to everybody.

mod table;

use domain::{Limit, ListQuery, Sort, Status};
use service::{Page, StoreError, WindowQuery};

use crate::{Outcome, edits};
use table::{Asked, Table};

/// Gives a cursor to a list.
pub fn check(input: &[u8]) -> Outcome {
    thread_local! {
        static TABLE: Table = Table::new();
    }
    let text = String::from_utf8_lossy(input);
    let (text, edits) = edits::split(&text);
    let mut lines = text.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (asked, made, walk, place) = (List::read(line()), line(), line(), line());
    let Some(asked) = asked else { return Outcome::Refused };
    TABLE.with(|table| {
        let genuine = List::read(made).and_then(|made| {
            let walk = walk.parse().ok().filter(|walk| *walk < made.partitions.len())?;
            Some((table.cursor(&made, walk, place)?, made, walk))
        });
        let cursor = match (&genuine, made) {
            (Some((cursor, ..)), _) => cursor.clone(),
            (None, "raw") => place.to_owned(),
            (None, _) => return Outcome::Refused,
        };
        give(table, &asked, &edits::apply(cursor, &edits), genuine.as_ref(), place)
    })
}

fn give(table: &Table, asked: &List, cursor: &str, genuine: Option<&(String, List, usize)>, place: &str) -> Outcome {
    let (page, requests) = table.page_that_ends_at(asked, cursor, place);
    let page = match page {
        Ok(page) => page,
        Err(StoreError::InvalidCursor) => {
            assert!(requests.is_empty(), "the table was asked before the cursor was refused");
            return Outcome::Refused;
        }
        Err(error) => panic!("neither taken nor refused: {error}"),
    };
    let (given, made, walk) = genuine.expect("a cursor that nobody gave was taken");
    assert_eq!(cursor, given, "a changed cursor was taken");
    assert_eq!(asked, made, "another list's cursor was taken");
    let first = requests.first().expect("a page was read");
    let partition = asked.partitions[*walk].clone();
    assert_eq!(*first, Asked { index: asked.index(), partition, after: Some(place.to_owned()) });
    assert!(asked.has_place(place), "no place of this list: {place:?}");
    assert_eq!(page.next.as_deref(), Some(cursor), "the same place has another cursor");
    Outcome::Taken
}

/// A list, by what the table is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    query: Query,
    /// The attributes of the index.
    hash: &'static str,
    range: &'static str,
    forward: bool,
    /// The values of the hash key, in the order of the walks.
    partitions: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Query {
    Pets(ListQuery),
    Sales,
    Purchases(String),
}

impl List {
    fn read(text: &str) -> Option<Self> {
        if text == "sales" {
            let partitions = vec!["sales".to_owned()];
            return Some(Self { query: Query::Sales, hash: "ledger", range: "byTime", forward: false, partitions });
        }
        if let Some(buyer) = text.strip_prefix("purchases ") {
            let (query, partitions) = (Query::Purchases(buyer.to_owned()), vec![buyer.to_owned()]);
            return Some(Self { query, hash: "buyer", range: "byTime", forward: false, partitions });
        }
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs: Option<Vec<_>> = pairs.map(|pair| pair.split_once('=')).collect();
        let query = ListQuery::from_pairs(pairs?).ok().filter(|query| query.id.is_none() && query.cursor.is_none())?;
        let statuses = query.status.map_or(vec![Status::Available, Status::Sold], |status| vec![status]);
        let partition = |status: Status| match &query.kind {
            Some(kind) => format!("{}#{}", status.as_str(), kind.key()),
            None => status.as_str().to_owned(),
        };
        let partitions = statuses.into_iter().map(partition).collect();
        let hash = if query.kind.is_some() { "statusType" } else { "status" };
        let (range, forward) = match query.sort {
            Sort::Id => ("id", true),
            Sort::IdDescending => ("id", false),
            Sort::Price => ("byPrice", true),
            Sort::PriceDescending => ("byPrice", false),
        };
        // Neither the spelling of the kind nor the page's size makes another list.
        let kind = query.kind.as_ref().and_then(|kind| kind.key().parse().ok());
        let query = Query::Pets(ListQuery { limit: Limit::new(1).ok()?, kind, ..query });
        Some(Self { query, hash, range, forward, partitions })
    }

    fn index(&self) -> String {
        match (self.hash, self.range) {
            ("ledger", _) => "sales".to_owned(),
            ("buyer", _) => "purchases".to_owned(),
            (hash, range) => {
                let hash = if hash == "status" { "status" } else { "type" };
                format!("{hash}-{}", if range == "id" { "id" } else { "price" })
            }
        }
    }

    /// Whether a sort key of the list's index can look so.
    fn has_place(&self, place: &str) -> bool {
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        match (self.range, place.rsplit_once('#')) {
            ("id", None) => place.parse::<domain::PetId>().is_ok(),
            ("byPrice", Some((price, id))) => digits(price, 9) && digits(id, 16),
            ("byTime", Some((time, id))) => {
                let pieces: Vec<&str> = time.split(|c: char| !c.is_ascii_digit()).collect();
                let lengths: Vec<usize> = pieces.iter().map(|piece| piece.len()).collect();
                lengths == [4, 2, 2, 2, 2, 2, 3, 0] && time.is_ascii() && digits(id, 16)
            }
            _ => false,
        }
    }

    async fn page(&self, store: &service::Store, cursor: Option<String>) -> Result<Page, StoreError> {
        let limit = Limit::new(1).expect("one is a size");
        match &self.query {
            Query::Pets(query) => store.list(&ListQuery { cursor, ..query.clone() }).await,
            Query::Sales => store.sales(&WindowQuery { limit, cursor }).await,
            Query::Purchases(buyer) => store.purchases(buyer, &WindowQuery { limit, cursor }).await,
        }
    }
}
