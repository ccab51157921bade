//! What is kept, and what never is.

use domain::{Comparison, Place, Statement, Verdict};
use http::{Request, Response, StatusCode, header};
use time::OffsetDateTime;

use super::*;

fn made(asked: &str) -> Made {
    Made::new(OffsetDateTime::UNIX_EPOCH, Some("request"), By::Gateway, asked)
}

fn statement(got: &[String]) -> Statement {
    Statement {
        policy: "p".into(),
        name: "s".into(),
        at: Some(Place { file: "template.yaml".into(), line: 7 }),
        effect: "Allow".into(),
        applies: false,
        decides: false,
        comparisons: vec![Comparison {
            element: "Condition StringLike issuer/:sub".into(),
            wanted: vec!["auth0|*".into()],
            got: got.to_vec(),
            verdict: Verdict::Refused,
            note: None,
        }],
    }
}

fn page(decisions: &Decisions, tag: Option<&str>) -> Response<Vec<u8>> {
    let mut request = Request::builder().uri("/idp/decisions");
    if let Some(tag) = tag {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    respond(&request.body(()).unwrap(), decisions)
}

#[test]
fn the_last_hundred_are_kept_newest_first() {
    let decisions = Decisions::new().unwrap();
    for number in 0..=KEPT {
        decisions.record(made(&format!("GET /{number}")));
    }
    let last = decisions.last();
    assert_eq!(last.len(), KEPT);
    assert_eq!((last[0].asked.as_str(), last[KEPT - 1].asked.as_str()), ("GET /100", "GET /1"));
}

#[test]
fn an_entry_is_small_whatever_is_sent() {
    let flood = "x".repeat(100_000);
    let values = vec![flood.clone(); 50];
    let decision = Made {
        path: Some(flood.clone()),
        subject: Some(flood.clone()),
        session: Some(flood.clone()),
        role: Some(flood.clone()),
        says: flood.clone(),
        statements: vec![statement(&values); 50],
        ..made(&flood)
    }
    .bounded();
    assert!(decision.shortened && format!("{decision:?}").len() < 64 * 1024);
    let few = Made { statements: vec![statement(std::slice::from_ref(&flood))], ..made("GET /") }.bounded();
    assert!(!few.shortened && few.statements[0].comparisons[0].got[0].len() < 1000, "cut, and all there");
}

#[test]
fn a_subject_and_what_is_made_of_it_are_masked_wherever_they_stand() {
    let subject = "amazon|amzn1.account.AFRED";
    let got = vec![subject.to_owned(), "AROAX:amzn1.account.AFRED".to_owned(), format!("arn:aws:x:{}", "k".repeat(40))];
    let decision = Made {
        path: Some(format!("/pets/{}", "k".repeat(40))),
        subject: Some(subject.into()),
        session: Some("amzn1.account.AFRED".into()),
        says: format!("{subject} differs"),
        statements: vec![statement(&got)],
        ..made(&format!("DELETE /pets/{}", "k".repeat(40)))
    }
    .bounded();
    let text = format!("{decision:?}");
    assert!(!text.contains("amzn1") && !text.contains("account"), "{text}");
    assert_eq!((decision.who.as_deref(), decision.asked.as_str()), (Some("amazon|…FRED"), "DELETE /pets/kkkkkkkk…"));
}

#[test]
fn nothing_that_is_sent_becomes_markup_or_another_line_of_the_log() {
    let decisions = Decisions::new().unwrap();
    let hostile = "<script>alert(1)</script>\n2026 INFO forged\u{1b}[31m\u{202e}";
    decisions.record(Made {
        subject: Some(format!("{hostile}|1")),
        role: Some(hostile.into()),
        says: hostile.into(),
        statements: vec![statement(&[hostile.into()])],
        ..made(hostile)
    });
    let text = String::from_utf8(page(&decisions, None).into_body()).unwrap();
    assert!(!text.contains("<script>alert") && text.contains("&lt;script&gt;alert"));
    let kept = &decisions.last()[0];
    assert!(!format!("{}{}{:?}", kept.asked, kept.says, kept.role).contains(['\n', '\u{1b}', '\u{202e}']), "{kept:?}");
}

#[test]
fn the_page_is_sent_again_only_when_there_is_something_new() {
    let decisions = Decisions::new().unwrap();
    decisions.record(made("GET /pets"));
    let first = page(&decisions, None);
    let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(page(&decisions, Some(&tag)).status(), StatusCode::NOT_MODIFIED);
    decisions.record(made("GET /pets"));
    let next = page(&decisions, Some(&tag));
    assert_eq!(next.status(), StatusCode::OK);
    let ids = |page: Response<Vec<u8>>| {
        let text = String::from_utf8(page.into_body()).unwrap();
        text.split("<tr id=\"").skip(1).map(|row| row.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (first, next) = (ids(first), ids(next));
    assert_eq!((first.len(), next.len()), (1, 2));
    assert_eq!(first[0], next[1], "a row keeps its name, so that what is open in it stays open");
    assert_ne!(page(&Decisions::new().unwrap(), Some(&tag)).status(), StatusCode::NOT_MODIFIED, "another start");
}
