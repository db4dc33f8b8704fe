//! Notification preferences: topics and channels.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Topic of an event for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Topic {
    /// The ticket waits for them now.
    Turn,
    Messages,
    Progress,
    Photos,
}

impl Topic {
    pub const ALL: [Self; 4] = [Self::Turn, Self::Messages, Self::Progress, Self::Photos];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Turn => "turn",
            Self::Messages => "messages",
            Self::Progress => "progress",
            Self::Photos => "photos",
        }
    }
}

/// Channel of notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Channel {
    Inbox,
    Mail,
}

impl Channel {
    pub const ALL: [Self; 2] = [Self::Inbox, Self::Mail];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Mail => "mail",
        }
    }
}

/// A topic that a person has muted on one channel. The inbox cannot mute tickets that wait for its
/// reader: they must be found somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mute {
    channel: Channel,
    topic: Topic,
}

impl Mute {
    pub const fn of(channel: Channel, topic: Topic) -> Option<Self> {
        match (channel, topic) {
            (Channel::Inbox, Topic::Turn) => None,
            _ => Some(Self { channel, topic }),
        }
    }

    /// Returns all mutes, in the order in which they are written.
    pub fn all() -> impl Iterator<Item = Self> {
        Channel::ALL
            .into_iter()
            .flat_map(|channel| Topic::ALL.into_iter().filter_map(move |topic| Self::of(channel, topic)))
    }
}

impl fmt::Display for Mute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.channel.name(), self.topic.name())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing that can be muted: use words like inbox.photos and mail.turn")]
pub struct UnknownMute;

impl FromStr for Mute {
    type Err = UnknownMute;

    fn from_str(text: &str) -> Result<Self, UnknownMute> {
        Self::all().find(|mute| mute.to_string() == text).ok_or(UnknownMute)
    }
}

/// All mutes of a person; stored as words with blanks between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Muted(BTreeSet<Mute>);

impl Muted {
    pub fn iter(&self) -> impl Iterator<Item = Mute> {
        self.0.iter().copied()
    }
}

impl FromIterator<Mute> for Muted {
    fn from_iter<I: IntoIterator<Item = Mute>>(mutes: I) -> Self {
        Self(mutes.into_iter().collect())
    }
}

impl fmt::Display for Muted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.iter().map(|mute| mute.to_string()).collect();
        f.write_str(&words.join(" "))
    }
}

impl TryFrom<String> for Muted {
    type Error = UnknownMute;

    fn try_from(text: String) -> Result<Self, UnknownMute> {
        text.split_whitespace().map(str::parse).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationPreferences {
    /// The switch of all mails.
    pub mail_wanted: bool,
    pub muted: Muted,
}

impl Default for NotificationPreferences {
    fn default() -> Self {
        Self { mail_wanted: true, muted: Muted::default() }
    }
}

impl NotificationPreferences {
    pub fn wants(&self, channel: Channel, topic: Topic) -> bool {
        let is_switched_off = channel == Channel::Mail && !self.mail_wanted;
        !is_switched_off && !self.has_muted(channel, topic)
    }

    /// Returns `true` if the topic is muted, the switch for all mails aside: a form shows that
    /// beside it.
    pub fn has_muted(&self, channel: Channel, topic: Topic) -> bool {
        Mute::of(channel, topic).is_some_and(|mute| self.muted.0.contains(&mute))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification_preferences(muted: &str) -> NotificationPreferences {
        NotificationPreferences { mail_wanted: true, muted: muted.to_owned().try_into().expect("are mutes") }
    }

    #[test]
    fn whoever_has_chosen_nothing_is_told_everything_everywhere() {
        for channel in Channel::ALL {
            for topic in Topic::ALL {
                assert!(NotificationPreferences::default().wants(channel, topic));
            }
        }
    }

    #[test]
    fn one_thing_is_muted_in_one_place() {
        let notification_preferences = notification_preferences("inbox.photos");

        assert!(!notification_preferences.wants(Channel::Inbox, Topic::Photos));
        assert!(notification_preferences.wants(Channel::Mail, Topic::Photos));
        assert!(notification_preferences.wants(Channel::Inbox, Topic::Messages));
    }

    #[test]
    fn what_waits_for_somebody_is_always_in_their_inbox() {
        let everything: Muted = Mute::all().collect();
        let nothing = NotificationPreferences { mail_wanted: true, muted: everything };

        for channel in Channel::ALL {
            for topic in Topic::ALL {
                let stays = (channel, topic) == (Channel::Inbox, Topic::Turn);
                assert_eq!(nothing.wants(channel, topic), stays, "{channel:?} {topic:?}");
            }
        }
        assert_eq!("inbox.turn".parse::<Mute>(), Err(UnknownMute));
    }

    #[test]
    fn the_switch_of_mails_leaves_the_inbox_alone() {
        let notification_preferences =
            NotificationPreferences { mail_wanted: false, ..notification_preferences("mail.photos") };

        assert!(Topic::ALL.iter().all(|topic| !notification_preferences.wants(Channel::Mail, *topic)));
        assert!(Topic::ALL.iter().all(|topic| notification_preferences.wants(Channel::Inbox, *topic)));
        assert!(notification_preferences.has_muted(Channel::Mail, Topic::Photos));
        assert!(!notification_preferences.has_muted(Channel::Mail, Topic::Turn));
    }

    #[test]
    fn mutes_read_back_in_one_order() {
        assert_eq!(
            notification_preferences("mail.turn  inbox.photos").muted.to_string(),
            "inbox.photos mail.turn"
        );
        for mute in Mute::all() {
            assert_eq!(mute.to_string().parse(), Ok(mute));
        }
        assert_eq!(Muted::try_from("mail.everything".to_owned()), Err(UnknownMute));
    }
}
