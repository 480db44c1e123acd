//! Contesting a document: its pages, and what the API says.

/// The sentences.
#[derive(Debug)]
pub struct ContestTexts {
    /// The page's title and heading.
    pub title: &'static str,
    /// What it is for.
    pub lead: &'static str,
    /// What to type as the document.
    pub document_hint: &'static str,
    /// The label of the contact.
    pub contact_label: &'static str,
    /// What to type as the contact.
    pub contact_hint: &'static str,
    /// Asks for the code.
    pub submit: &'static str,
    /// Above the code's field.
    pub code_heading: &'static str,
    /// `{destination}`.
    pub code_sent: &'static str,
    /// The label of the code.
    pub code_label: &'static str,
    /// Enters it.
    pub code_submit: &'static str,
    /// Asks for it again.
    pub again: &'static str,
    /// Begins anew.
    pub start_over: &'static str,
    /// What the API answers when the code is on its way.
    pub sent: &'static str,
    /// Proved. The same whether or not anybody has the document.
    pub begun: &'static str,
    /// The way here from what is taken.
    pub offer: &'static str,
    /// The same for API clients, whose person has no link to press.
    pub taken_offer: &'static str,
    /// "Este documento é meu": title and heading.
    pub mine_title: &'static str,
    /// What the button does.
    pub mine_lead: &'static str,
    /// The button.
    pub mine_submit: &'static str,
    /// Done.
    pub mine_done: &'static str,
}
