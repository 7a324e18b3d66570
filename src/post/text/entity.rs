//! Entities of HTML: those that people write, by name, and every number.

/// Longest entity, in bytes.
const LONGEST: usize = 12;

/// Names of the characters from U+00A0 to U+00FF, in this order.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring \
    AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times \
    Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
    ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
    uuml yacute thorn yuml";

/// Others.
const NAMED: [(&str, char); 30] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("mdash", '—'),
    ("ndash", '–'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("bull", '•'),
    ("trade", '™'),
    ("euro", '€'),
    ("larr", '←'),
    ("rarr", '→'),
    ("minus", '−'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
];

/// The character of the entity that the text begins with, and the length of that; one that is not closed is text.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &rest[..end];
    let found = match name.strip_prefix('#') {
        Some(number) => {
            let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
            char::from_u32(u32::from_str_radix(digits, radix).ok()?)
        }
        None => named(name),
    };
    found.map(|c| (c, end + 2))
}

fn named(name: &str) -> Option<char> {
    let other = NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    let latin = || (0xa0_u8..=0xff).map(char::from).zip(LATIN.split_ascii_whitespace());
    other.or_else(|| latin().find(|(_, known)| *known == name).map(|(c, _)| c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_is_its_character_by_name_or_number() {
        for (text, c) in [
            ("&amp;", '&'),
            ("&nbsp;x", '\u{a0}'),
            ("&yuml;", 'ÿ'),
            ("&Eacute;", 'É'),
            ("&divide;", '÷'),
            ("&#39;", '\''),
            ("&#x1F680;", '🚀'),
            ("&rsquo;", '’'),
        ] {
            assert_eq!(entity(text).map(|(c, _)| c), Some(c), "{text}");
        }
        for text in
            ["&", "&amp", "& amp;", "&bogus;", "&#;", "&#x;", "&#xffffffff;", "&#xd800;", "&averylongname;"]
        {
            assert_eq!(entity(text), None, "{text}");
        }
    }
}
