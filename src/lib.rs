//! The single-page app as a library: what it reads, how a person signs in, the calls that it makes, and what is seen.
//!
//! [`session`] and [`api`] know nothing of Leptos or the DOM and are tested on the host; [`browser`] is the only place
//! that touches `web-sys`. [`login`], [`home`], [`purchase`] and [`access`] are the four places a person sees; [`ui`] has what they
//! are made of and knows neither pets nor the API.

pub mod access;
pub mod api;
pub mod app;
pub mod browser;
pub mod config;
pub mod home;
pub mod login;
pub mod members;
pub mod office;
pub mod picture;
pub mod purchase;
pub mod routes;
pub mod session;
pub mod shop;
pub mod ui;
pub mod visit;
