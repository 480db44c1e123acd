//! Problems that people reported of comparable products: values from clipboards, addresses of many countries, digits that are two
//! things at once, devices, photos.

mod devices;
mod identifiers;
mod pasted;
