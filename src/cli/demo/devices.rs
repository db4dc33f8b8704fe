//! Devices that people bring, by the device types of the settings.

use chrono::NaiveDate;

use super::calendar::{date_of, day_of};
use super::dice::Dice;

/// Group of devices that can have the same faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Laptop,
    Mac,
    Desktop,
    Tablet,
    Screen,
    Printer,
    Router,
}

#[derive(Clone, Copy, Debug)]
pub struct Model {
    pub name: &'static str,
    pub family: Family,
    /// Year of release.
    year: i32,
}

#[derive(Clone, Debug)]
pub struct Device {
    /// Index into the settings' types.
    pub kind: usize,
    pub model: Model,
    pub purchase_date: Option<String>,
}

impl Device {
    /// A device that somebody could have had on this day.
    pub fn owned_on(day: i64, kinds: &[String], dice: &mut Dice) -> Self {
        let numbers: Vec<usize> = (0..kinds.len()).collect();
        let kind = if numbers.is_empty() {
            0
        } else {
            *dice.weighted(&numbers, |number| weight_of(&kinds[*number]))
        };
        let models = models_of(kinds.get(kind).map_or("", String::as_str));
        let model = *dice.pick(models);
        // Brought to a desk, they are some weeks old at least.
        let latest = day - 20;
        let earliest = NaiveDate::from_ymd_opt(model.year, 3, 1).map_or(latest, day_of).max(day - 6 * 365);
        if earliest > latest {
            // Not out yet: the person has an older one.
            return Self::owned_on(day, kinds, dice);
        }
        // The later of two dates: most devices are young.
        let bought = dice.between(earliest, latest).max(dice.between(earliest, latest));
        let known = dice.chance(92);
        Self { kind, model, purchase_date: known.then(|| date_of(bought).to_string()) }
    }
}

fn weight_of(kind: &str) -> u64 {
    match kind {
        "笔记本" => 62,
        "MacBook" => 12,
        "台式机" => 16,
        _ => 10,
    }
}

fn models_of(kind: &str) -> &'static [Model] {
    match kind {
        "笔记本" => LAPTOPS,
        "MacBook" => MACS,
        "台式机" => DESKTOPS,
        _ => OTHERS,
    }
}

const fn model(name: &'static str, family: Family, year: i32) -> Model {
    Model { name, family, year }
}

const fn laptop(name: &'static str, year: i32) -> Model {
    model(name, Family::Laptop, year)
}

/// Laptops. All lists have models from long before the demo.
const LAPTOPS: &[Model] = &[
    laptop("华为 MateBook 14", 2020),
    laptop("华为 MateBook D 16", 2022),
    laptop("华为 MateBook X Pro", 2021),
    laptop("荣耀 MagicBook 14", 2021),
    laptop("联想小新 Pro 16", 2021),
    laptop("联想小新 Pro 14", 2022),
    laptop("联想小新 Air 14", 2020),
    laptop("联想小新 15", 2019),
    laptop("联想拯救者 Y7000P", 2020),
    laptop("联想拯救者 R7000", 2021),
    laptop("联想拯救者 R9000P", 2022),
    laptop("联想拯救者 Y9000P", 2023),
    laptop("ThinkBook 14+", 2022),
    laptop("ThinkPad X1 Carbon", 2019),
    laptop("ThinkPad T14", 2021),
    laptop("ThinkPad E480", 2018),
    laptop("戴尔灵越 14", 2020),
    laptop("戴尔 XPS 13", 2019),
    laptop("戴尔 G15", 2021),
    laptop("戴尔 G3", 2018),
    laptop("华硕天选 2", 2021),
    laptop("华硕天选 4", 2023),
    laptop("华硕天选 5 Pro", 2024),
    laptop("华硕灵耀 14", 2021),
    laptop("华硕无畏 Pro 15", 2022),
    laptop("ROG 幻 16", 2022),
    laptop("惠普战 66", 2019),
    laptop("惠普星 14", 2020),
    laptop("惠普光影精灵 6", 2020),
    laptop("惠普暗影精灵 9", 2023),
    laptop("小米笔记本 Pro 15", 2020),
    laptop("RedmiBook 14", 2019),
    laptop("Redmi Book Pro 16", 2024),
    laptop("机械革命蛟龙 16 Pro", 2023),
    laptop("机械革命无界 14", 2022),
    laptop("机械革命极光 Pro", 2023),
    laptop("神舟战神 Z7", 2019),
    laptop("宏碁非凡 S3", 2021),
    laptop("微星 GF63", 2020),
    laptop("Surface Laptop 5", 2022),
];

const fn mac(name: &'static str, year: i32) -> Model {
    model(name, Family::Mac, year)
}

const MACS: &[Model] = &[
    mac("MacBook Air 2017", 2017),
    mac("MacBook Air 2019", 2019),
    mac("MacBook Air M1", 2020),
    mac("MacBook Air M1 8G", 2020),
    mac("MacBook Air M2", 2022),
    mac("MacBook Air 15 M2", 2023),
    mac("MacBook Air M3", 2024),
    mac("MacBook Air M4", 2025),
    mac("MacBook Pro 13 2018", 2018),
    mac("MacBook Pro 13 2020", 2020),
    mac("MacBook Pro 13 M1", 2020),
    mac("MacBook Pro 14 M1 Pro", 2021),
    mac("MacBook Pro 14 M3", 2023),
    mac("MacBook Pro 16 2019", 2019),
    mac("MacBook Pro 16 M1 Max", 2021),
];

const fn desktop(name: &'static str, year: i32) -> Model {
    model(name, Family::Desktop, year)
}

const DESKTOPS: &[Model] = &[
    desktop("自组台式机", 2016),
    desktop("自组台式机 i5 + GTX 1060", 2017),
    desktop("自组台式机 R5 + RTX 3060", 2021),
    desktop("自组台式机 i5 + RTX 4060", 2023),
    desktop("自组小机箱", 2020),
    desktop("戴尔 OptiPlex 7090", 2021),
    desktop("戴尔成就 3681", 2020),
    desktop("联想天逸 510S", 2019),
    desktop("联想启天 M430", 2020),
    desktop("联想拯救者刃 7000K", 2021),
    desktop("惠普战 99", 2020),
    desktop("惠普 EliteDesk 800", 2019),
    desktop("华硕天选 X", 2022),
    desktop("华为 MateStation S", 2021),
    desktop("攀升战境", 2019),
];

const OTHERS: &[Model] = &[
    model("iPad 9", Family::Tablet, 2021),
    model("iPad Air 5", Family::Tablet, 2022),
    model("iPad Pro 11", Family::Tablet, 2020),
    model("华为 MatePad 11", Family::Tablet, 2021),
    model("小米平板 6", Family::Tablet, 2023),
    model("戴尔 U2720Q 显示器", Family::Screen, 2020),
    model("AOC 24 英寸显示器", Family::Screen, 2018),
    model("红米 27 英寸显示器", Family::Screen, 2021),
    model("惠普 M126a 打印机", Family::Printer, 2017),
    model("爱普生 L3255 打印机", Family::Printer, 2021),
    model("兄弟 7080D 打印机", Family::Printer, 2018),
    model("小米 AX3000 路由器", Family::Router, 2021),
    model("TP-LINK AX5400 路由器", Family::Router, 2021),
    model("华为 AX3 Pro 路由器", Family::Router, 2020),
];
