//! A ticket as its page shows it to one reader, for programs: the head of getHistory.

use serde::Serialize;

use crate::domain::ids::Named;
use crate::domain::people::contact::Contact;
use crate::domain::tickets::ticket::TicketCard;
use crate::domain::tickets::view::TicketView;

/// A ticket with the names of its people, as much of it as is the caller's to see. Times are on the
/// site's clock.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TicketHeadReply {
    id: i64,
    /// `2024-06-10 12:00:00`, when it was filed.
    created_at: String,
    /// The person who filed it.
    user_id: i64,
    user_name: String,
    /// Empty for whoever may merely take the ticket, as `qq_number` is.
    user_phone: String,
    qq_number: String,
    /// Contact that the requester shows of their profile to the technician and admins, where it is not told
    /// already.
    user_contact: Option<String>,
    device_type: String,
    computer_brand: String,
    model: String,
    /// `2024-06-01`
    machine_purchase_date: Option<String>,
    /// `valid`, `expired`, or empty where it is not known.
    #[schema(value_type = String)]
    warranty_status: &'static str,
    fault_type: String,
    repair_description: String,
    repair_image_url: Option<String>,
    campus: String,
    #[schema(value_type = String, example = "Pending")]
    repair_status: &'static str,
    assigned_technician_id: Option<i64>,
    technician_name: Option<String>,
    /// Contact that the technician shows of their profile to the requester and admins.
    technician_contact: Option<String>,
    assigned_time: Option<String>,
    completion_time: Option<String>,
}

impl TicketHeadReply {
    pub fn of(view: &TicketView) -> Self {
        let TicketCard {
            id,
            owner,
            technician,
            status,
            purchase_date,
            phone,
            device_type,
            brand,
            description,
            image_url,
            fault_type,
            qq,
            campus,
            created,
            assigned,
            completed,
        } = view.card.clone();
        let shown = |contact: &Option<Contact>| contact.as_ref().map(|contact| contact.text().to_owned());
        Self {
            id: id.0,
            created_at: created.to_string(),
            user_id: owner.id.0,
            user_name: owner.nickname,
            user_phone: phone,
            qq_number: qq,
            user_contact: shown(&view.owner_contact),
            device_type,
            computer_brand: brand,
            model: view.model.clone(),
            machine_purchase_date: purchase_date,
            warranty_status: view.warranty.name(),
            fault_type,
            repair_description: description,
            repair_image_url: image_url,
            campus,
            repair_status: status.name(),
            assigned_technician_id: technician.as_ref().map(|named: &Named| named.id.0),
            technician_name: technician.map(|named| named.nickname),
            technician_contact: shown(&view.technician_contact),
            assigned_time: assigned.map(|time| time.to_string()),
            completion_time: completed.map(|time| time.to_string()),
        }
    }
}
