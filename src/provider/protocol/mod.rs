//! Shapes on the wire that several services share. They know no service; a service imports the shape
//! that it speaks, and never another service.

pub(crate) mod google;
pub(crate) mod openai_images;
