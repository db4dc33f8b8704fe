//! Availability of technicians: when and where they take jobs, how many at once, and what that
//! means for assigning one.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Named;
use crate::domain::input::{Input, Reason};
use crate::domain::tickets::action::Action;
use crate::domain::validation::canonical;

/// Highest job limit where the site sets none: more than a technician has at once.
const MOST_JOBS: u64 = 999;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub on_duty: bool,
    /// Campuses served; empty for all.
    pub campuses: Vec<String>,
    /// Own job limit; `None` for the site's.
    pub max_jobs: Option<u64>,
}

impl Default for Duty {
    fn default() -> Self {
        Self { on_duty: true, campuses: Vec::new(), max_jobs: None }
    }
}

impl Duty {
    pub fn serves(&self, campus: &str) -> bool {
        self.campuses.is_empty() || self.campuses.iter().any(|served| served == campus)
    }

    /// Effective job limit: the smaller of the technician's own and the site's. 0 means unlimited.
    pub fn limit(&self, of_site: u64) -> u64 {
        match self.max_jobs {
            None => of_site,
            Some(own) if of_site == 0 => own,
            Some(own) => own.min(of_site),
        }
    }
}

/// Returns `true` if the limit leaves no room for one more job.
pub const fn is_full(limit: u64, jobs: u64) -> bool {
    limit > 0 && jobs >= limit
}

/// Tells if an action reaches technicians off duty: admins may know more, colleagues let them be.
pub const fn reaches_off_duty(action: Action) -> bool {
    matches!(action, Action::Assign)
}

/// Form of a [`Duty`], as it was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DutyForm {
    pub on_duty: bool,
    pub campuses: Vec<String>,
    pub max_jobs: String,
}

impl DutyForm {
    /// Fills the form in with a present `Duty`.
    pub fn of(duty: Duty) -> Self {
        let Duty { on_duty, campuses, max_jobs } = duty;
        Self { on_duty, campuses, max_jobs: max_jobs.map(|count| count.to_string()).unwrap_or_default() }
    }

    /// Parses and validates the form; returns the first invalid field. Values that `present` has
    /// already may be older than the site's choices.
    pub fn check(
        self,
        present: &Duty,
        campuses_of_site: &[String],
        limit_of_site: u64,
    ) -> Result<Duty, (Input, Reason)> {
        let Self { on_duty, campuses, max_jobs } = self;
        let campuses: Vec<String> = campuses.iter().map(|campus| canonical_among(campus, present)).collect();
        let gone: Vec<&String> =
            present.campuses.iter().filter(|campus| !campuses_of_site.contains(campus)).collect();
        if campuses.iter().any(|campus| !campuses_of_site.contains(campus) && !gone.contains(&campus)) {
            return Err((Input::Campuses, Reason::NotOffered));
        }
        // The site's order, each once.
        let known = campuses_of_site.iter().chain(gone);
        let campuses = known.filter(|campus| campuses.contains(campus)).cloned().collect();
        let most = if limit_of_site == 0 { MOST_JOBS } else { limit_of_site };
        let is_as_before = max_jobs == Self::of(present.clone()).max_jobs;
        let max_jobs = match canonical(&max_jobs).as_str() {
            "" => None,
            _ if is_as_before => present.max_jobs,
            typed => Some(count(typed, most).ok_or((Input::MaxJobs, Reason::NotACount { most }))?),
        };
        Ok(Duty { on_duty, campuses, max_jobs })
    }
}

/// Returns a campus in canonical form, unless the present values have it as typed.
fn canonical_among(campus: &String, present: &Duty) -> String {
    if present.campuses.contains(campus) { campus.clone() } else { canonical(campus) }
}

fn count(typed: &str, most: u64) -> Option<u64> {
    let is_plain = typed.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| typed.parse().ok()).flatten().filter(|count| (1..=most).contains(count))
}

/// A technician as a candidate for a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    pub who: Named,
    pub on_duty: bool,
    /// `true` if they take jobs of the ticket's campus.
    pub serves: bool,
    pub is_full: bool,
}

impl Colleague {
    /// Returns `true` if they may be given or offered the ticket.
    pub const fn can_be_asked(&self, action: Action) -> bool {
        !self.is_full && (self.on_duty || reaches_off_duty(action))
    }

    /// Reasons against them, the gravest first: the order of a list.
    pub const fn hindrances(&self) -> (bool, bool, bool) {
        (self.is_full, !self.on_duty, !self.serves)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;

    fn campuses(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn check(chosen: &[&str], max_jobs: &str, limit: u64) -> Result<Duty, (Input, Reason)> {
        let form = DutyForm { on_duty: true, campuses: campuses(chosen), max_jobs: max_jobs.to_owned() };
        form.check(&Duty::default(), &campuses(&["江安", "望江"]), limit)
    }

    #[test]
    fn whoever_names_no_campus_serves_all() {
        let one = Duty { campuses: campuses(&["望江"]), ..Duty::default() };

        assert!(Duty::default().serves("江安"));
        assert!(one.serves("望江"));
        assert!(!one.serves("江安"));
    }

    #[test]
    fn nobody_has_more_room_than_the_site_gives() {
        let limit = |own, site| Duty { max_jobs: own, ..Duty::default() }.limit(site);

        assert_eq!([limit(None, 0), limit(None, 5), limit(Some(3), 0)], [0, 5, 3]);
        // The site may have become stricter since.
        assert_eq!([limit(Some(3), 5), limit(Some(9), 5)], [3, 5]);
        assert_eq!([is_full(0, 99), is_full(3, 2), is_full(3, 3), is_full(3, 4)], [false, false, true, true]);
    }

    #[test]
    fn a_form_is_read_in_the_order_of_the_site() {
        let duty = check(&["望江", "江安", "望江"], " 3 ", 5).expect("is valid");

        assert_eq!(duty, Duty { on_duty: true, campuses: campuses(&["江安", "望江"]), max_jobs: Some(3) });
        assert_eq!(check(&[], "", 5), Ok(Duty::default()));
    }

    #[test]
    fn what_is_wrong_with_a_form_is_named() {
        assert_eq!(check(&["火星"], "", 0), Err((Input::Campuses, Reason::NotOffered)));
        for bad in ["0", "6", "-1", "+3", "3.5", "三", "99999999999999999999"] {
            assert_eq!(check(&[], bad, 5), Err((Input::MaxJobs, Reason::NotACount { most: 5 })), "{bad}");
        }
        assert_eq!(check(&[], "1000", 0), Err((Input::MaxJobs, Reason::NotACount { most: 999 })));
        assert_eq!(check(&[], "999", 0).map(|duty| duty.max_jobs), Ok(Some(999)));
    }

    #[test]
    fn what_stays_is_not_judged_by_what_the_site_says_since() {
        let old = Duty { on_duty: true, campuses: campuses(&["老校区", "江安"]), max_jobs: Some(8) };
        let of_site = campuses(&["江安", "望江"]);
        let off = DutyForm { on_duty: false, ..DutyForm::of(old.clone()) };

        let expected =
            Duty { on_duty: false, campuses: campuses(&["江安", "老校区"]), max_jobs: Some(8) };
        assert_eq!(off.check(&old, &of_site, 5), Ok(expected));
        let more = DutyForm { max_jobs: "9".to_owned(), ..DutyForm::of(old.clone()) };
        assert_eq!(more.check(&old, &of_site, 5), Err((Input::MaxJobs, Reason::NotACount { most: 5 })));
        let moved = DutyForm { campuses: campuses(&["望江"]), ..DutyForm::of(old.clone()) };
        assert_eq!(moved.check(&old, &of_site, 5).map(|duty| duty.campuses), Ok(campuses(&["望江"])));
    }

    #[test]
    fn whoever_is_full_gets_nothing_and_whoever_is_off_duty_only_by_an_admin() {
        let colleague = |on_duty, is_full| Colleague {
            who: Named { id: UserId(1), nickname: String::new() },
            on_duty,
            serves: false,
            is_full,
        };
        let asked = |on_duty, is_full| {
            let colleague = colleague(on_duty, is_full);
            [Action::Assign, Action::Offer].map(|action| colleague.can_be_asked(action))
        };

        assert_eq!(asked(true, false), [true, true]);
        assert_eq!(asked(false, false), [true, false]);
        assert_eq!(asked(true, true), [false, false]);
    }
}
