use crate::access::Access;

pub(super) const ACCESS: Access = Access {
    step_up: "Confirm that it is you",
    step_up_password: "It is a while since you signed in. Enter your password and go on: what you filled in is kept.",
    step_up_code: "It is a while since you signed in. We sent a code to {destination}: enter it and go on. What you filled in is kept.",
    step_up_code_waiting: "It is a while since you signed in. Enter the code that we sent and go on. What you filled in is kept.",
    step_up_code_label: "Confirmation code",
    add_email: "Add an e-mail",
    change_email: "Change the e-mail",
    email_lead: "We send a code to the new address. The e-mail changes only once you confirm it.",
    email_submit: "Send the code",
    email_code_sent: "We sent a code to {destination}. If it does not arrive, check the address.",
    email_code_entry: "Enter the code that we sent by e-mail.",
    other_email: "Use another address",
    email_proved: "E-mail confirmed.",
    suspended: "Out of use since the password was recovered by another contact: confirm it again to sign in and recover by it.",
    confirm_again: "Confirm it again",
    create_password: "With a password you also sign in without waiting for a code.",
    create_password_submit: "Set the password",
    held_elsewhere: "This contact is confirmed on another account by now and was not taken from it. If that account is yours too, sign in to it.",
    enter_by_code: "Sign in with a code, without a password",
};
