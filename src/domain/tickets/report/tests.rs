use super::*;
use proptest::prelude::*;

fn offered() -> Offered {
    let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Offered {
        campuses: list(&["江安", "望江"]),
        device_types: list(&["笔记本"]),
        fault_types: list(&["清灰"]),
        today: "2024-06-10 12:00:00".parse().expect("a time"),
    }
}

fn whole() -> Draft {
    Draft::of([
        ("device_type", "笔记本"),
        ("brand", " 华为 MateBook "),
        ("fault_type", "清灰"),
        ("description", "风扇很响\r\n很烫"),
        ("campus", "江安"),
        ("phone", "+86 138-0000-0000"),
        ("colour", "red"),
    ])
}

#[test]
fn a_report_is_tidied() {
    let details = whole().check_whole(&offered()).expect("valid");
    let told: BTreeMap<Field, &str> = details.iter().collect();

    assert_eq!(told[&Field::Brand], "华为 MateBook");
    assert_eq!(told[&Field::Description], "风扇很响\n很烫");
    assert_eq!(told[&Field::PurchaseDate], "");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let mut draft = whole();
    draft.set(Field::Brand, "  ");
    draft.set(Field::Campus, "火星");
    draft.set(Field::PurchaseDate, "2024-06-11");

    let bad = draft.check_whole(&offered()).expect_err("refused");

    assert_eq!(
        bad,
        [
            BadField { field: Field::Brand, reason: Reason::Missing },
            BadField { field: Field::PurchaseDate, reason: Reason::InTheFuture },
            BadField { field: Field::Campus, reason: Reason::NotOffered },
        ]
    );
}

#[test]
fn each_field_has_its_rule() {
    for (field, typed, verdict) in [
        (Field::PurchaseDate, "2024-06-10", Ok("2024-06-10")),
        (Field::PurchaseDate, "1980-01-01", Ok("1980-01-01")),
        (Field::PurchaseDate, "1979-12-31", Err(Reason::TooLongAgo { year: 1980 })),
        (Field::PurchaseDate, "0024-06-10", Err(Reason::TooLongAgo { year: 1980 })),
        (Field::PurchaseDate, "2024-02-30", Err(Reason::NotADate)),
        (Field::PurchaseDate, "June", Err(Reason::NotADate)),
        (Field::Phone, "1234", Err(Reason::NotAPhone)),
        (Field::Phone, "call me 12345", Err(Reason::NotAPhone)),
        (Field::Warranty, "valid", Ok("valid")),
        (Field::Warranty, "under", Ok("valid")),
        (Field::Warranty, "unknown", Ok("")),
        (Field::Warranty, "perhaps", Err(Reason::NotOffered)),
        (Field::Image, "javascript:alert(1)", Err(Reason::NotAnAddress)),
        (Field::Image, "https://example.com/a.jpg", Ok("https://example.com/a.jpg")),
        (Field::Brand, "a\u{7}", Err(Reason::Unprintable)),
        (Field::Brand, "a\nb", Err(Reason::Unprintable)),
        (Field::Contact, "", Ok("")),
        (Field::DeviceType, "冰箱", Err(Reason::NotOffered)),
        (Field::Brand, "\u{3000}华为\u{a0}", Ok("华为")),
        (Field::Brand, "Ju\u{308}rgen", Ok("Jürgen")),
        (Field::Brand, "\u{200b}\u{3164}", Err(Reason::Missing)),
        (Field::Brand, "\u{202e}x", Err(Reason::Unprintable)),
        (Field::Contact, "\0", Err(Reason::Unprintable)),
        (Field::Phone, "＋８６ １３８–００００–００００", Ok("＋８６ １３８–００００–００００")),
        (Field::Phone, "\u{202a}13800000000\u{202c}", Ok("13800000000")),
    ] {
        assert_eq!(field.check(typed, &offered()), verdict.map(str::to_owned), "{field} {typed}");
    }
}

#[test]
fn lengths_are_counted_as_browsers_count_them() {
    let lines = |end: &str| vec!["x".repeat(39); 100].join(end);
    assert_eq!(Field::Description.check(&lines("\r\n"), &offered()), Ok(lines("\n")));

    let accents = "e\u{301}".repeat(64);
    assert_eq!(Field::Brand.check(&accents, &offered()), Ok("é".repeat(64)));
    let too_many = "e\u{301}".repeat(65);
    assert_eq!(Field::Brand.check(&too_many, &offered()), Err(Reason::TooLong { limit: 64 }));
}

#[test]
fn a_site_that_offers_nothing_takes_anything() {
    let nothing = Offered { device_types: Vec::new(), ..offered() };
    assert_eq!(Field::DeviceType.check("冰箱", &nothing), Ok("冰箱".to_owned()));
}

#[test]
fn every_field_and_warranty_reads_back_from_its_name() {
    for field in Field::ALL {
        assert_eq!(Field::named(field.name()), Some(field));
        assert_eq!(Field::named(field.column()), Some(field));
        assert!(!Field::NEVER_SET.contains(&field.column()));
    }
    for warranty in Warranty::ALL {
        assert_eq!(warranty.name().parse(), Ok(warranty));
    }
}

proptest! {
    #[test]
    fn what_is_accepted_fits_and_is_accepted_again(typed in "\\PC{0,80}") {
        for field in Field::ALL {
            if let Ok(value) = field.check(&typed, &offered()) {
                prop_assert!(value.chars().count() <= field.limit());
                prop_assert_eq!(field.check(&value, &offered()), Ok(value.clone()));
            }
        }
    }
}
