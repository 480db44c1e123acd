//! Showing again who one is, an e-mail of one's own, contacts that are out of force.

#![expect(missing_docs, reason = "the sentence itself says what it is for")]

/// The sentences.
#[derive(Debug)]
pub struct Access {
    pub step_up: &'static str,
    pub step_up_password: &'static str,
    /// `{destination}`.
    pub step_up_code: &'static str,
    pub step_up_code_waiting: &'static str,
    pub step_up_code_label: &'static str,
    pub add_email: &'static str,
    pub change_email: &'static str,
    pub email_lead: &'static str,
    pub email_submit: &'static str,
    /// `{destination}`.
    pub email_code_sent: &'static str,
    pub email_code_entry: &'static str,
    pub other_email: &'static str,
    pub email_proved: &'static str,
    pub suspended: &'static str,
    pub confirm_again: &'static str,
    pub create_password: &'static str,
    pub create_password_submit: &'static str,
    pub held_elsewhere: &'static str,
    pub enter_by_code: &'static str,
}
