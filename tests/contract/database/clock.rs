//! By whose clock the desk goes.

use fixdesk::service::Clock;
use fixdesk::store::{self, Db};

use crate::support::cast::TestApp;

const FORTY_DAYS: i64 = 40 * 24 * 3600;

#[tokio::test]
async fn a_node_goes_by_the_clock_of_the_database_however_wrong_its_own_may_be() {
    let app = TestApp::start().await;
    let Db::Postgres { .. } = app.app.db else {
        // Of a file there is but one clock: a unit test has the rest.
        return;
    };
    let node = Clock::System.now();
    app.execute(
        "CREATE FUNCTION clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql AS
         $$ SELECT pg_catalog.clock_timestamp() + INTERVAL '40 days' $$",
    )
    .await;
    // What the catalogue has comes first unless it is named.
    let url = format!("{}?options=-csearch_path%3Dpublic%2Cpg_catalog", app.database_url());
    let elsewhere = store::connect(&url).await.expect("connects");

    let clock = Clock::of(&elsewhere).await.expect("is read");

    let ahead = clock.now().0 - node.0;
    assert!((FORTY_DAYS..FORTY_DAYS + 60).contains(&ahead), "{ahead}");
    let own = Clock::of(&app.app.db).await.expect("is read");
    assert!((own.now().0 - node.0).abs() < 60);
}
