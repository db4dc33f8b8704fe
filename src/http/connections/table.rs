//! Table of open connections: their number, and which of them can go.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use super::Limits;

/// Bytes that a client who takes an answer slowly must take within its patience.
const PROGRESS: u64 = 32 * 1024;
/// Bytes of a body that must come for it to count as going on: a byte now and then does not.
const BODY_PROGRESS: u64 = 1024;

pub struct Table {
    limits: Limits,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    last_id: u64,
    entries: HashMap<u64, Entry>,
    per_address: HashMap<Network, usize>,
}

struct Entry {
    network: Network,
    activity: Arc<Activity>,
    /// `None` for the moment before it is served.
    close: Option<AbortHandle>,
}

/// An IPv4 address, or the /64 of IPv6 that a household or phone has to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Network(Ipv6Addr);

/// Why a newcomer cannot be served: everything is busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    Server,
    Address,
}

/// The place of one connection, free again when dropped.
pub struct ConnectionSlot {
    table: Arc<Table>,
    id: u64,
    pub activity: Arc<Activity>,
}

/// State of a connection. Times are milliseconds since it began; 0 is never.
pub struct Activity {
    begun: Instant,
    /// Requests under way: at most one, and for a moment the next.
    requests: AtomicU32,
    quiet_since: AtomicU64,
    /// Start of an incomplete request head.
    head_since: AtomicU64,
    /// Start of the client's taking too little of an answer.
    blocked_since: AtomicU64,
    /// Bytes taken since then.
    taken: AtomicU64,
    /// Start of the present request's body being too slow.
    stalled_since: AtomicU64,
    /// Bytes of it that have come since then.
    arrived: AtomicU64,
    /// The body of the present request is waited for just now.
    is_body_awaited: AtomicBool,
    /// The body of the present request did not come in time.
    is_body_late: AtomicBool,
    /// Set once the rest of the present request's body is unwanted.
    is_body_unread: AtomicBool,
    pub limits: Limits,
}

/// The pause of a body after which its connection may lose its place to a newcomer: a client
/// that sends a byte now and then must not keep it.
const STALLED: Duration = Duration::from_secs(2);

/// A request under way, until dropped.
pub struct Busy(Arc<Activity>);

impl Table {
    pub fn new(limits: Limits) -> Self {
        Self { limits, open: Mutex::default() }
    }

    /// Finds a place for a newcomer, if need be that of a connection that is quiet, or whose body
    /// does not come: of the same address where that has its share, else of the one that has most.
    pub fn reserve(self: &Arc<Self>, address: IpAddr) -> Result<ConnectionSlot, Full> {
        let network = Network::of(address);
        let mut open = self.open();
        if open.of_address(network) >= self.limits.of_one_address && !open.evict(Some(network)) {
            return Err(Full::Address);
        }
        if open.entries.len() >= self.limits.connections && !open.evict(None) {
            return Err(Full::Server);
        }
        let activity = Arc::new(Activity::new(self.limits));
        open.last_id += 1;
        let id = open.last_id;
        open.entries.insert(id, Entry { network, activity: Arc::clone(&activity), close: None });
        *open.per_address.entry(network).or_default() += 1;
        Ok(ConnectionSlot { table: Arc::clone(self), id, activity })
    }

    /// Says how the connection with this place is ended.
    pub fn set_close(&self, id: u64, close: AbortHandle) {
        if let Some(entry) = self.open().entries.get_mut(&id) {
            entry.close = Some(close);
        }
    }

    /// Ends one quiet connection, if there is any.
    pub fn make_room(&self) {
        self.open().evict(None);
    }

    /// Ends connections whose clients have been waited for long enough.
    pub fn sweep(&self) {
        self.open().close_where(Activity::is_overdue);
    }

    /// Ends connections that are without a request for that long.
    pub fn close_quiet(&self, at_least: Duration) {
        self.open().close_where(|activity| activity.quiet_for().is_some_and(|quiet| quiet >= at_least));
    }

    /// Ends all connections; returns how many there were.
    pub fn close_all(&self) -> usize {
        self.open().close_where(|_| true)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn of_address(&self, network: Network) -> usize {
        self.per_address.get(&network).copied().unwrap_or_default()
    }

    fn evict(&mut self, of: Option<Network>) -> bool {
        let quiet = self.entries.iter().filter(|(_, entry)| of.is_none_or(|of| entry.network == of));
        let quiet = quiet.filter_map(|(id, entry)| {
            let share = self.of_address(entry.network);
            Some(((share, entry.activity.idle_for()?), *id))
        });
        let Some((_, id)) = quiet.max() else { return false };
        self.close(id);
        true
    }

    fn close_where(&mut self, is_to_go: impl Fn(&Activity) -> bool) -> usize {
        let going = self.entries.iter().filter(|(_, entry)| is_to_go(&entry.activity));
        let going: Vec<u64> = going.map(|(id, _)| *id).collect();
        going.iter().for_each(|id| self.close(*id));
        going.len()
    }

    fn close(&mut self, id: u64) {
        if let Some(close) = self.remove(id).and_then(|entry| entry.close) {
            close.abort();
        }
    }

    fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.entries.remove(&id)?;
        if let Some(count) = self.per_address.get_mut(&entry.network) {
            *count -= 1;
            if *count == 0 {
                self.per_address.remove(&entry.network);
            }
        }
        Some(entry)
    }
}

impl ConnectionSlot {
    pub const fn id(&self) -> u64 {
        self.id
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.table.open().remove(self.id);
    }
}

impl Network {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.to_ipv6_mapped()),
            IpAddr::V6(address) => Self(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        }
    }
}

impl Activity {
    fn new(limits: Limits) -> Self {
        Self {
            begun: Instant::now(),
            requests: AtomicU32::new(0),
            quiet_since: AtomicU64::new(1),
            head_since: AtomicU64::new(0),
            blocked_since: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            stalled_since: AtomicU64::new(0),
            arrived: AtomicU64::new(0),
            is_body_awaited: AtomicBool::new(false),
            is_body_late: AtomicBool::new(false),
            is_body_unread: AtomicBool::new(false),
            limits,
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).map_or(u64::MAX, |now| now.saturating_add(1))
    }

    fn is_busy(&self) -> bool {
        self.requests.load(Ordering::Relaxed) > 0
    }

    fn since(&self, time: &AtomicU64) -> Option<Duration> {
        let time = Some(time.load(Ordering::Relaxed)).filter(|time| *time != 0);
        time.map(|time| Duration::from_millis(self.now().saturating_sub(time)))
    }

    /// Counts a request as begun.
    pub fn begin_request(self: &Arc<Self>) -> Busy {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.head_since.store(0, Ordering::Relaxed);
        self.blocked_since.store(0, Ordering::Relaxed);
        self.note_body_over();
        self.is_body_late.store(false, Ordering::Relaxed);
        self.is_body_unread.store(false, Ordering::Relaxed);
        Busy(Arc::clone(self))
    }

    /// Notes bytes from the client.
    pub fn note_read(&self) {
        if !self.is_busy() && self.head_since.load(Ordering::Relaxed) == 0 {
            self.head_since.store(self.now(), Ordering::Relaxed);
        }
    }

    /// Notes a client that takes nothing.
    pub fn note_blocked(&self) {
        if self.blocked_since.load(Ordering::Relaxed) == 0 {
            self.taken.store(0, Ordering::Relaxed);
            self.blocked_since.store(self.now(), Ordering::Relaxed);
        }
    }

    /// Notes bytes taken by the client.
    pub fn note_written(&self, bytes: usize) {
        if self.blocked_since.load(Ordering::Relaxed) != 0
            && self.taken.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64 >= PROGRESS
        {
            self.blocked_since.store(0, Ordering::Relaxed);
        }
    }

    /// Notes that everything queued has gone out.
    pub fn note_flushed(&self) {
        if self.blocked_since.load(Ordering::Relaxed) != 0 {
            self.blocked_since.store(0, Ordering::Relaxed);
        }
    }

    /// Notes that an awaited body has paused.
    pub fn note_stalled_body(&self) {
        self.is_body_awaited.store(true, Ordering::Relaxed);
        if self.stalled_since.load(Ordering::Relaxed) == 0 {
            self.arrived.store(0, Ordering::Relaxed);
            self.stalled_since.store(self.now(), Ordering::Relaxed);
        }
    }

    /// Notes that bytes of a body have arrived.
    pub fn note_moving_body(&self, bytes: u64) {
        self.is_body_awaited.store(false, Ordering::Relaxed);
        if self.stalled_since.load(Ordering::Relaxed) != 0
            && self.arrived.fetch_add(bytes, Ordering::Relaxed) + bytes >= BODY_PROGRESS
        {
            self.stalled_since.store(0, Ordering::Relaxed);
        }
    }

    /// Notes that a body is complete or no longer awaited.
    pub fn note_body_over(&self) {
        self.is_body_awaited.store(false, Ordering::Relaxed);
        self.stalled_since.store(0, Ordering::Relaxed);
    }

    pub fn note_late_body(&self) {
        self.is_body_late.store(true, Ordering::Relaxed);
    }

    pub fn is_body_late(&self) -> bool {
        self.is_body_late.load(Ordering::Relaxed)
    }

    pub fn note_unread_body(&self) {
        self.is_body_unread.store(true, Ordering::Relaxed);
    }

    pub fn is_body_unread(&self) -> bool {
        self.is_body_unread.load(Ordering::Relaxed)
    }

    /// The time without a request, for a connection that has none and nothing to send.
    fn quiet_for(&self) -> Option<Duration> {
        let is_quiet = !self.is_busy() && self.blocked_since.load(Ordering::Relaxed) == 0;
        self.since(&self.quiet_since).filter(|_| is_quiet)
    }

    /// The time for which this connection keeps its place for nothing, if that is long enough to
    /// give the place to a newcomer.
    fn idle_for(&self) -> Option<Duration> {
        let quiet = self.quiet_for().filter(|quiet| *quiet >= self.limits.patience.fresh);
        quiet.or_else(|| self.stalled_for().filter(|stalled| *stalled >= STALLED))
    }

    /// The time for which a body that is waited for does not come, or hardly.
    fn stalled_for(&self) -> Option<Duration> {
        self.since(&self.stalled_since).filter(|_| self.is_body_awaited.load(Ordering::Relaxed))
    }

    fn is_overdue(&self) -> bool {
        let patience = self.limits.patience;
        self.since(&self.blocked_since).is_some_and(|blocked| blocked >= patience.answer)
            || !self.is_busy() && self.since(&self.head_since).is_some_and(|head| head >= patience.head)
            || self.quiet_for().is_some_and(|quiet| quiet >= patience.idle)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.quiet_since.store(self.0.now(), Ordering::Relaxed);
        self.0.requests.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
