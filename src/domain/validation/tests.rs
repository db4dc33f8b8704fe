use proptest::prelude::*;

use super::*;

#[test]
fn a_text_has_one_form() {
    for (typed, expected) in [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u{2028}b\u{2029}c\u{85}d", "a\nb\nc\nd"),
        ("ju\u{308}rgen", "jürgen"),
        ("\u{a0}\u{3000} 江安\t\u{2003}\n", "江安"),
        ("\u{feff}\u{200b}周\u{200b}", "周"),
        ("一\u{3000}二", "一\u{3000}二"),
        ("❤\u{fe0f}", "❤\u{fe0f}"),
        ("👩\u{200d}🔧", "👩\u{200d}🔧"),
    ] {
        assert_eq!(canonical(typed), expected, "{typed:?}");
    }
}

#[test]
fn nothing_to_see_is_nothing() {
    for nothing in [
        "",
        " \t\r\n",
        "\u{200b}",
        "\u{3164}",
        "\u{2800}",
        "\u{ad}",
        "\u{fe0f}",
        "\u{301}",
        "\u{2800} \u{ad}\u{ffa0}",
    ] {
        assert_eq!(canonical(nothing), "", "{nothing:?}");
    }
    // Refused, not taken for nothing.
    for forbidden in ["\0", "\u{202e}", " \u{200f} ", "\u{7f}"] {
        assert_ne!(canonical(forbidden), "", "{forbidden:?}");
        assert!(!is_printable(&canonical(forbidden), Lines::Many), "{forbidden:?}");
    }
}

#[test]
fn controls_are_refused_and_layout_is_a_matter_of_lines() {
    for bad in ["a\0b", "a\u{1b}b", "a\u{9f}b", "\u{202e}x", "a\u{2066}b\u{2069}", "a\u{61c}b"] {
        assert!(!is_printable(bad, Lines::One) && !is_printable(bad, Lines::Many), "{bad:?}");
    }
    for layout in ["a\nb", "a\tb"] {
        assert_eq!([Lines::One, Lines::Many].map(|lines| is_printable(layout, lines)), [false, true]);
    }
    assert!(is_printable("周同学 👩\u{200d}🔧 مرحبا", Lines::One));
}

#[test]
fn what_nobody_can_type_again_is_stripped() {
    assert_eq!(printable("\u{202e}x\0", Lines::One), "x");
    assert_eq!(printable("a\r\nb\u{7}", Lines::Many), "a\nb");
    assert_eq!(printable("a\nb", Lines::One), "ab");
    assert_eq!(printable(" \u{202e} ", Lines::One), "");
}

#[test]
fn names_that_read_alike_have_one_key() {
    for alike in [
        ["Jürgen", "JÜRGEN", "ju\u{308}rgen"].as_slice(),
        &["Бобров", "бобров", "БОБРОВ"],
        &["kate", "\u{212a}ate", "ＫＡＴＥ", " kate\u{a0}"],
        &["Straße", "STRASSE", "strasse"],
        &["Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"],
        &["ﬁx", "FIX"],
    ] {
        let keys: BTreeSet<String> = alike.iter().map(|name| fold(name)).collect();
        assert_eq!(keys.len(), 1, "{keys:?}");
    }
    assert_ne!(fold("kate"), fold("каte"));
    assert_ne!(fold("Jürgen"), fold("Jurgen"));
}

#[test]
fn a_phone_number_is_its_digits() {
    for same in [
        "13800000000",
        "+86 138-0000-0000",
        "+86 138‐0000–0000",
        "0086 138 0000 0000",
        "8613800000000",
        "１３８００００００００",
        "＋８６\u{3000}１３８−００００－００００",
        "\u{202a}+86 138 0000 0000\u{202c}",
        "(138) 00000000",
        "（138）\u{a0}00000000",
    ] {
        assert_eq!(phone_key(same), "13800000000", "{same}");
    }
    for (typed, key) in [
        ("+86 28 8540 0000", "02885400000"),
        ("028-8540-0000", "02885400000"),
        ("+86 10 6275 0000", "01062750000"),
        ("+49 30 1234567", "49301234567"),
        ("内线 8001", "内线 8001"),
        ("Kate", "kate"),
        ("138", "138"),
        ("", ""),
    ] {
        assert_eq!(phone_key(typed), key, "{typed}");
    }
    assert_eq!(dialled("＋８６ (138) ００００–0000"), "+8613800000000");
    assert!(is_phone("+86 138‐0000–0000") && is_phone("１２３４５"));
    for no_phone in ["1234", "138000x0000", "12345\n6", ""] {
        assert!(!is_phone(no_phone), "{no_phone:?}");
    }
}

#[test]
fn scripts_that_are_not_written_together_are_told_apart() {
    for whole in ["zhang.wei", "张伟", "zhang伟-3", "Бобров", "鈴木さんスズキ", "김민준kim", "אבג", "2024"]
    {
        assert!(!mixes_scripts(whole), "{whole}");
    }
    for mixed in ["аdmin", "bobров", "zhaиg", "αdmin", "张Ж", "かな한글"] {
        assert!(mixes_scripts(mixed), "{mixed}");
    }
}

#[test]
fn what_nobody_sees_is_found() {
    for hidden in ["ka\u{200b}te", "kate\u{ad}", "\u{3164}", "a\u{fe0f}", "a\u{e0041}", "a\u{e000}"] {
        assert!(has_invisible(hidden), "{hidden:?}");
    }
    for plain in ["kate", "张伟", "Бобров", "é", "👍"] {
        assert!(!has_invisible(plain), "{plain}");
    }
}

#[test]
fn nobody_is_called_as_the_desk_is() {
    for pose in [
        "admin",
        "Admin",
        "ＡＤＭＩＮ",
        "аdmin",
        "adm1n",
        "a d m i n",
        "ad\u{200b}min",
        "Ádmin",
        "admin 2",
        "Admin (Fixdesk)",
        "the Administrator",
        "管理员",
        "系统管理员",
        "系统管理",
        "江安维修台",
        "ᴀᴅᴍɪɴ",
        "ɑdmin",
        "🅐🅓🅜🅘🅝",
        "🅰🅳🅼🅸🅽",
        "adrnin",
        "admln",
        "管 理 员",
        "报修台",
        "官方客服",
        "Support",
        "ADM|N",
        "Admin|张三",
        "Admin!",
        "ꓮdmin",
        "աdmin",
        "Ꭺdmin",
        "𐌀dmin",
        "vvebmaster",
        "网管",
        "江安網管",
        "服务台",
    ] {
        assert!(poses_as_staff(pose), "{pose}");
    }
    for honest in [
        "周同学",
        "badminton",
        "Nadmina",
        "Li Wei 2",
        "rootbeer",
        "Systema",
        "陈工",
        "王管理",
        "1",
        "",
        "|",
        "Иван Wei",
        "Бoбров",
    ] {
        assert!(!poses_as_staff(honest), "{honest}");
    }
}

#[test]
fn strokes_are_letters_or_stand_between_words() {
    for [one, other] in [["Wei L|n", "Wei Lin"], ["张三|", "张三"], ["Kate!", "kate"], ["L|", "li"]] {
        assert!(read_alike(one, other) && read_alike(other, one), "{one} {other}");
    }
    assert!(!read_alike("|", "i") && !read_alike("Kate", "Kati"));
}

proptest! {
    #[test]
    fn what_is_canonical_stays_as_it_is(typed in any::<String>()) {
        let once = canonical(&typed);
        prop_assert_eq!(canonical(&once), once.clone());
        prop_assert_eq!(tidy(&once), once.clone());
        prop_assert!(!once.contains('\r'));
        prop_assert_eq!(once.trim(), &once);
    }

    #[test]
    fn a_key_is_its_own_key(typed in any::<String>()) {
        let key = fold(&typed);
        prop_assert_eq!(fold(&key), key.clone());
        prop_assert_eq!(fold(&canonical(&typed)), key);
    }

    #[test]
    fn case_and_composition_make_no_other_name(typed in "[a-zA-ZäöüÄÖÜßа-яА-Яα-ωΑ-Ω张伟]{1,12}") {
        let key = fold(&typed);
        let decomposed: String = typed.nfd().collect();
        prop_assert_eq!(fold(&typed.to_uppercase()), key.clone());
        prop_assert_eq!(fold(&typed.to_lowercase()), key.clone());
        prop_assert_eq!(fold(&decomposed), key);
    }

    #[test]
    fn blanks_and_dashes_make_no_other_phone(digits in "[1-9][0-9]{5,9}", marks in "[ \u{3000}\u{a0}()‐–—-]{6}") {
        let written: String = digits.chars().zip(marks.chars().chain("    ".chars())).flat_map(|(a, b)| [a, b]).collect();
        prop_assert_eq!(phone_key(&written), phone_key(&digits));
    }

    #[test]
    fn what_is_stripped_is_printable(typed in any::<String>()) {
        for lines in [Lines::One, Lines::Many] {
            let text = printable(&typed, lines);
            prop_assert!(is_printable(&text, lines));
            prop_assert_eq!(canonical(&text), text);
        }
    }
}
