//! Contesting a document.

use crate::contest::ContestTexts;

pub(super) const CONTEST: ContestTexts = ContestTexts {
    title: "Contest a document",
    lead: "Is your CPF or CNPJ in an account that is not yours? Give the document and an e-mail address or mobile of yours. If the document is in an account, we tell who uses it; without an answer within 7 days the document leaves it and we tell you.",
    document_hint: "CPF or CNPJ, with or without punctuation.",
    contact_label: "Your e-mail address or mobile",
    contact_hint: "We send a code to confirm it and, in the end, how it came out. A mobile with its area code (DDD).",
    submit: "Send the code",
    code_heading: "Confirm that the contact is yours",
    code_sent: "We sent a code to {destination}.",
    code_label: "Verification code",
    code_submit: "Contest",
    again: "Send again",
    start_over: "Another document or contact",
    sent: "We sent a code to the given contact.",
    begun: "We have your contest. If the document leaves the account that it is in, we will tell you at this contact in 7 days.",
    offer: "Is the document yours? Contest it",
    taken_offer: "If the document is yours and the account is not, contest it at /contest.",
    mine_title: "This document is mine",
    mine_lead: "Somebody says that the CPF or CNPJ in your account is another person's. When you confirm that it is yours, the contest ends and it stays in your account.",
    mine_submit: "This document is mine",
    mine_done: "Done: the contest has ended and the document stays in your account.",
};
