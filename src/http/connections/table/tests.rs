use super::*;
use crate::http::connections::Patience;

fn table(connections: usize, of_one_address: usize) -> Arc<Table> {
    let patience = Patience { fresh: Duration::ZERO, ..Patience::default() };
    Arc::new(Table::new(Limits { connections, of_one_address, patience }))
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn is_open(table: &Table, place: &ConnectionSlot) -> bool {
    table.open().entries.contains_key(&place.id)
}

#[test]
fn a_newcomer_takes_the_place_of_a_body_that_does_not_come() {
    let table = table(1, 1);
    let sender = table.reserve(address("10.0.0.2")).expect("room");
    let _request = sender.activity.begin_request();
    assert!(table.reserve(address("10.0.0.3")).is_err(), "it may be about to come");

    sender.activity.note_stalled_body();
    std::thread::sleep(STALLED + Duration::from_millis(5));

    assert!(table.reserve(address("10.0.0.3")).is_ok());
    assert!(!is_open(&table, &sender));
}

#[test]
fn a_body_that_drips_stalls_and_one_that_goes_on_does_not() {
    let [drips, goes_on, is_read] = [1, 2, 3].map(|_| {
        Arc::new(Activity::new(Limits { connections: 1, of_one_address: 1, patience: Patience::default() }))
    });
    for (activity, bytes) in [(&drips, 1), (&goes_on, BODY_PROGRESS), (&is_read, 1)] {
        activity.note_stalled_body();
        std::thread::sleep(Duration::from_millis(5));
        activity.note_moving_body(bytes);
    }
    drips.note_stalled_body();
    goes_on.note_stalled_body();

    assert!(drips.stalled_for() >= Some(Duration::from_millis(5)));
    assert!(goes_on.stalled_for() < drips.stalled_for());
    assert_eq!(is_read.stalled_for(), None, "the server is at work on what has come");
    drips.note_body_over();
    assert_eq!(drips.stalled_for(), None);
}

#[test]
fn a_newcomer_takes_the_place_of_the_longest_quiet_of_whoever_has_most() {
    let table = table(3, 3);
    let alone = table.reserve(address("10.0.0.1")).expect("room");
    let first = table.reserve(address("10.0.0.2")).expect("room");
    first.activity.quiet_since.store(1, Ordering::Relaxed);
    std::thread::sleep(Duration::from_millis(5));
    let second = table.reserve(address("10.0.0.2")).expect("room");

    let newcomer = table.reserve(address("10.0.0.3")).expect("the place of another");

    assert!(is_open(&table, &alone) && is_open(&table, &second) && is_open(&table, &newcomer));
    assert!(!is_open(&table, &first));
}

#[test]
fn a_connection_whose_request_may_be_on_its_way_keeps_its_place() {
    let limits = Limits { connections: 1, of_one_address: 1, patience: Patience::default() };
    let table = Arc::new(Table::new(limits));
    let fresh = table.reserve(address("10.0.0.1")).expect("room");

    assert_eq!(table.reserve(address("10.0.0.2")).err(), Some(Full::Server));
    assert!(is_open(&table, &fresh));
}

#[test]
fn whoever_is_busy_is_never_sent_away() {
    let table = table(2, 2);
    let one = table.reserve(address("10.0.0.1")).expect("room");
    let two = table.reserve(address("10.0.0.1")).expect("room");
    let (busy, _also) = (one.activity.begin_request(), two.activity.begin_request());

    assert_eq!(table.reserve(address("10.0.0.2")).err(), Some(Full::Server));
    drop(busy);
    assert!(table.reserve(address("10.0.0.2")).is_ok());
    assert!(!is_open(&table, &one) && is_open(&table, &two));
}

#[test]
fn one_network_has_its_share_and_no_more() {
    let table = table(10, 2);
    let places = ["2001:db8::1", "2001:db8::2"].map(|text| table.reserve(address(text)).expect("room"));
    let _busy = places.each_ref().map(|place| place.activity.begin_request());

    assert_eq!(table.reserve(address("2001:db8::3")).err(), Some(Full::Address));
    assert!(table.reserve(address("2001:db8:0:1::1")).is_ok());
    drop(places);
    assert!(table.reserve(address("2001:db8::3")).is_ok());
}

#[test]
fn half_a_head_and_silence_end_and_a_request_does_not() {
    let patience = Patience { head: Duration::from_millis(1), ..Patience::default() };
    let limits = Limits { connections: 9, of_one_address: 9, patience };
    let table = Arc::new(Table::new(limits));
    let [half, busy, new] = [1, 2, 3].map(|_| table.reserve(address("10.0.0.1")).expect("room"));
    half.activity.note_read();
    busy.activity.note_read();
    let _request = busy.activity.begin_request();

    std::thread::sleep(Duration::from_millis(5));
    table.sweep();

    assert!(!is_open(&table, &half) && is_open(&table, &busy) && is_open(&table, &new));
}

#[test]
fn an_answer_that_is_taken_too_slowly_ends() {
    let patience = Patience { answer: Duration::from_millis(1), ..Patience::default() };
    let table = Arc::new(Table::new(Limits { connections: 9, of_one_address: 9, patience }));
    let [stuck, slow, fast] = [1, 2, 3].map(|_| table.reserve(address("10.0.0.1")).expect("room"));
    let _requests = [&stuck, &slow, &fast].map(|place| place.activity.begin_request());
    for place in [&stuck, &slow, &fast] {
        place.activity.note_blocked();
    }
    slow.activity.note_written(100);
    fast.activity.note_written(100_000);

    std::thread::sleep(Duration::from_millis(5));
    table.sweep();

    assert!(!is_open(&table, &stuck) && !is_open(&table, &slow) && is_open(&table, &fast));
}
