//! Texts that are sent many times, packed once as small as can be.

use super::media;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// A text as it is sent: plain, by brotli, and by gzip.
pub struct Packed {
    plain: Bytes,
    brotli: Bytes,
    gzip: Bytes,
}

impl Packed {
    pub fn of(text: String) -> io::Result<Self> {
        let mut brotli = Vec::new();
        brotli::BrotliCompress(&mut text.as_bytes(), &mut brotli, &brotli::enc::BrotliEncoderParams::default())?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(text.as_bytes())?;
        Ok(Self { plain: text.into(), brotli: brotli.into(), gzip: gzip.finish()?.into() })
    }

    /// The body for a request with these headers, and the headers of its answer that say how it is packed.
    pub fn accepted(&self, asked: &HeaderMap) -> (HeaderMap, Bytes) {
        let accepts = |coding| media::accepts_coding(asked, coding);
        let (coding, body) = match () {
            () if accepts("br") => (Some("br"), &self.brotli),
            () if accepts("gzip") => (Some("gzip"), &self.gzip),
            () => (None, &self.plain),
        };
        let coding = coding.map(|coding| (header::CONTENT_ENCODING, HeaderValue::from_static(coding)));
        let varies = (header::VARY, HeaderValue::from_static("accept-encoding"));
        ([varies].into_iter().chain(coding).collect(), body.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_text_is_the_same_however_it_is_packed() {
        let html = "<!DOCTYPE html><p>São João não é o João São</p>".repeat(50);
        let packed = Packed::of(html.clone()).expect("packed");
        let (mut brotli, mut gzip) = (Vec::new(), String::new());
        brotli::BrotliDecompress(&mut &packed.brotli[..], &mut brotli).expect("unpacked");
        flate2::read::GzDecoder::new(&packed.gzip[..]).read_to_string(&mut gzip).expect("unpacked");
        assert_eq!((String::from_utf8(brotli).expect("UTF-8"), gzip, &packed.plain[..]), (html.clone(), html.clone(), html.as_bytes()));
        assert!(packed.brotli.len() < html.len() / 5 && packed.gzip.len() < html.len() / 5);
    }
}
