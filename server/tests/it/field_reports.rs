//! What people met with in the field on comparable products, tried here: values out of clipboards, addresses of many countries,
//! digits that are two things at once, devices, photos.

mod devices;
mod identifiers;
mod pasted;
