//! Small pictures, drawn in the colour of the text around them.

use leptos::prelude::*;

use crate::domain::tickets::status::Status;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Circle,
    HalfCircle,
    RingWithDot,
    Check,
    QrImage,
    CrossedCircle,
    Contrast,
    Down,
    Cross,
    Bell,
}

impl Shape {
    pub const fn of(status: Status) -> Self {
        match status {
            Status::Pending => Self::Circle,
            Status::Repairing => Self::HalfCircle,
            Status::UserConfirming | Status::TechConfirming => Self::RingWithDot,
            Status::Done => Self::Check,
            Status::Closed => Self::QrImage,
            Status::Canceled => Self::CrossedCircle,
        }
    }

    /// Lines and filled areas, as paths of a 16 by 16 grid.
    const fn paths(self) -> (&'static str, &'static str) {
        const RING: &str = "M13.25 8a5.25 5.25 0 1 1-10.5 0a5.25 5.25 0 1 1 10.5 0";
        match self {
            Self::Circle => (RING, ""),
            Self::HalfCircle => (RING, "M8 2.5a5.5 5.5 0 0 1 0 11z"),
            Self::RingWithDot => (RING, "M10.25 8a2.25 2.25 0 1 1-4.5 0a2.25 2.25 0 1 1 4.5 0"),
            Self::Check => ("m2.75 8.5 3.5 3.5 7-7.75", ""),
            Self::QrImage => (
                "M4.5 3h7A1.5 1.5 0 0 1 13 4.5v7a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 3 11.5v-7A1.5 1.5 0 0 1 4.5 3z",
                "",
            ),
            Self::CrossedCircle => {
                ("M13.25 8a5.25 5.25 0 1 1-10.5 0a5.25 5.25 0 1 1 10.5 0M4.3 11.7l7.4-7.4", "")
            }
            Self::Contrast => (RING, "M8 2.75a5.25 5.25 0 0 0 0 10.5z"),
            Self::Down => ("m4.5 6.5 3.5 3.5 3.5-3.5", ""),
            Self::Cross => ("m4.5 4.5 7 7m0-7-7 7", ""),
            Self::Bell => (
                "M3 11.5h10c-1-1-1.5-2-1.5-3.5V7a3.5 3.5 0 0 0-7 0v1c0 1.5-.5 2.5-1.5 3.5zM6.75 13.75a1.5 1.5 0 0 0 2.5 0",
                "",
            ),
        }
    }
}

#[component]
pub fn Icon(shape: Shape) -> impl IntoView {
    let (lines, areas) = shape.paths();
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=lines fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/>
            <path d=areas fill="currentColor"/>
        </svg>
    }
}
