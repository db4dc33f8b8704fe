//! Text that people wrote, in which addresses of the web are links.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::links::{Piece, pieces};

/// Text with links. An address is shown whole, so nobody is led elsewhere than they read, and keeps
/// its order in right-to-left text.
#[component]
pub fn Linked(text: String) -> impl IntoView {
    let piece = |piece: Piece| match piece {
        Piece::Text(text) => Either::Left(text.to_owned()),
        Piece::Link(address) => Either::Right(view! {
            <a href=address.to_owned() rel="nofollow noopener" dir="ltr">{address.to_owned()}</a>
        }),
    };
    pieces(&text).into_iter().map(piece).collect_view()
}
