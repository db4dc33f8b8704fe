//! Export: all rows of a list, some at a time, for files.

use std::collections::VecDeque;

use futures::Stream;
use futures::stream::try_unfold;

use super::lookup::seen_by;
use crate::domain::access::{self, Permitted};
use crate::domain::lists::page::ListPage;
use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::Start;
use crate::domain::problem::Problem;
use crate::domain::tickets::ticket::Listed;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::store::lists;

/// Rows of one read, and all that is in memory of a list of any length.
const ROWS: u64 = 500;

/// Streams the rows of a list from its beginning, whatever page is asked for. Each read goes on
/// from the last row, so none repeats or is left out when others are filed meanwhile.
pub fn rows(
    app: &App,
    viewer: &Viewer,
    place: ListPage,
    query: &TicketQuery,
) -> Result<impl Stream<Item = Result<VecDeque<Listed>, Problem>> + use<>, Problem> {
    let query = TicketQuery { limit: ROWS, start: Start::FIRST, ..place.narrow(query.clone(), viewer.id) };
    let permitted = access::permit(viewer, query)?;
    let (app, viewer) = (app.clone(), viewer.clone());
    Ok(try_unfold(Some(permitted), move |permitted: Option<Permitted>| {
        let (app, viewer) = (app.clone(), viewer.clone());
        async move {
            let Some(permitted) = permitted else { return Ok(None) };
            let start_of = |day| app.site.zone.start_of(day);
            let mut found = lists::rows(&app.db, &permitted, &start_of).await?;
            for listed in &mut found {
                listed.ticket.contract = seen_by(&app, &viewer, listed.ticket.clone()).0;
            }
            let is_last = (found.len() as u64) < ROWS;
            let by = permitted.query().sorted_by();
            let place = found.last().filter(|_| !is_last).map(|listed| listed.ticket.place(by));
            let rest = place.map(|place| permitted.from(Start::After(place)));
            Ok((!found.is_empty()).then(|| (VecDeque::from(found), rest)))
        }
    }))
}
