//! Pictures of devices that need a repair: a handful of drawings, always the same, in place of photos.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageResult, Rgb, RgbImage};

use super::dice::{Dice, Subject};
use crate::service::photos::images::Upload;

const WIDTH: u32 = 480;
const HEIGHT: u32 = 360;

/// A drawing, and the table that it is drawn on.
type Scene = (fn(&mut Canvas), [u8; 3]);

/// Scenes; a ticket with several shows neighbours.
const SCENES: [Scene; 6] = [
    (dusty_fan, [58, 60, 64]),
    (mainboard, [206, 198, 184]),
    (tower, [128, 112, 98]),
    (blue_screen, [176, 148, 116]),
    (wet_keyboard, [150, 152, 158]),
    (cracked_screen, [196, 190, 180]),
];

/// Index of a picture that shows such a fault.
pub fn showing(fault: &str) -> Option<usize> {
    match fault {
        "清灰" | "设备清灰" => Some(0),
        "硬件加装" => Some(1),
        "系统重装" | "软件问题" => Some(3),
        "设备进水" => Some(4),
        _ => None,
    }
}

/// Pictures as uploaded files.
pub fn uploads() -> ImageResult<Vec<Upload>> {
    SCENES.iter().zip(0..).map(|((draw, table), number)| upload(*draw, *table, number)).collect()
}

fn upload(draw: fn(&mut Canvas), table: [u8; 3], number: u64) -> ImageResult<Upload> {
    let mut canvas = Canvas(RgbImage::from_pixel(WIDTH, HEIGHT, Rgb(table)));
    draw(&mut canvas);
    let lit = canvas.in_lamp_light(&mut Dice::of(0, Subject::Picture, number));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(lit).write_to(&mut file, ImageFormat::Png)?;
    Ok(Upload { name: number.to_string(), bytes: file.into_inner() })
}

struct Canvas(RgbImage);

impl Canvas {
    fn dot(&mut self, x: i32, y: i32, colour: [u8; 3]) {
        if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
            && x < WIDTH
            && y < HEIGHT
        {
            self.0.put_pixel(x, y, Rgb(colour));
        }
    }

    fn rectangle(&mut self, (left, top): (i32, i32), (width, height): (i32, i32), colour: [u8; 3]) {
        for y in top..top + height {
            (left..left + width).for_each(|x| self.dot(x, y, colour));
        }
    }

    fn disc(&mut self, (x, y): (i32, i32), radius: i32, colour: [u8; 3]) {
        for down in -radius..=radius {
            for right in -radius..=radius {
                if right * right + down * down <= radius * radius {
                    self.dot(x + right, y + down, colour);
                }
            }
        }
    }

    fn line(&mut self, from: (i32, i32), to: (i32, i32), width: i32, colour: [u8; 3]) {
        let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).max(1);
        for step in 0..=steps {
            let at = |from: i32, to: i32| from + (to - from) * step / steps;
            self.disc((at(from.0, to.0), at(from.1, to.1)), width / 2, colour);
        }
    }

    /// Brightest above the middle, and grainy, as photos are. Whole numbers make it equal on every machine.
    fn in_lamp_light(self, dice: &mut Dice) -> RgbImage {
        let mut picture = self.0;
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let (right, down) = (i64::from(x) - 240, i64::from(y) - 140);
            let light = 112 - (right * right + down * down) / 1_400 + dice.between(-1, 1);
            pixel.0 = pixel.0.map(|part| (i64::from(part) * light / 100).clamp(0, 255) as u8);
        }
        picture
    }
}

fn laptop(canvas: &mut Canvas, screen: [u8; 3]) {
    canvas.rectangle((84, 38), (312, 208), [34, 34, 38]);
    canvas.rectangle((96, 50), (288, 180), screen);
    for row in 0..46 {
        canvas.rectangle((84 - row, 250 + row), (312 + 2 * row, 1), [150, 152, 156]);
    }
    for row in 0..3 {
        for key in 0..14 {
            canvas.rectangle((92 + key * 21 - row * 4, 256 + row * 11), (17, 8), [62, 63, 68]);
        }
    }
    canvas.rectangle((38, 296), (404, 8), [112, 114, 118]);
}

fn blue_screen(canvas: &mut Canvas) {
    const WHITE: [u8; 3] = [236, 240, 250];

    laptop(canvas, [0, 84, 190]);
    canvas.disc((126, 84), 3, WHITE);
    canvas.disc((126, 104), 3, WHITE);
    canvas.line((150, 78), (142, 94), 4, WHITE);
    canvas.line((142, 94), (150, 110), 4, WHITE);
    for (line, width) in [(0, 210), (1, 190), (2, 120), (4, 160), (5, 80)] {
        canvas.rectangle((118, 132 + line * 15), (width, 5), WHITE);
    }
}

fn cracked_screen(canvas: &mut Canvas) {
    const GLASS: [u8; 3] = [186, 194, 206];

    laptop(canvas, [22, 26, 34]);
    let rays = [(110, 60), (220, 52), (330, 54), (378, 120), (372, 214), (270, 226), (150, 224), (100, 150)];
    for (number, end) in (0..).zip(rays) {
        let bend = (250 + (end.0 - 250) / 2 + number % 3 * 7 - 7, 128 + (end.1 - 128) / 2 + number % 2 * 9);
        canvas.line((250, 128), bend, 2, GLASS);
        canvas.line(bend, end, 1, GLASS);
    }
    for stripe in [318, 324, 341] {
        canvas.rectangle((stripe, 50), (2, 180), [120, 60, 190]);
    }
}

fn dusty_fan(canvas: &mut Canvas) {
    const BLADES: [((i32, i32), (i32, i32)); 8] = [
        ((40, 0), (96, 44)),
        ((28, 28), (36, 100)),
        ((0, 40), (-44, 96)),
        ((-28, 28), (-100, 36)),
        ((-40, 0), (-96, -44)),
        ((-28, -28), (-36, -100)),
        ((0, -40), (44, -96)),
        ((28, -28), (100, -36)),
    ];
    canvas.rectangle((96, 36), (288, 288), [30, 31, 34]);
    canvas.disc((240, 180), 132, [18, 18, 20]);
    for ((x1, y1), (x2, y2)) in BLADES {
        canvas.line((240 + x1, 180 + y1), (240 + x2, 180 + y2), 34, [74, 76, 82]);
    }
    canvas.disc((240, 180), 46, [92, 94, 100]);
    let mut dice = Dice::of(1, Subject::Picture, 0);
    for _ in 0..420 {
        let (x, y) = (dice.between(100, 380) as i32, dice.between(40, 320) as i32);
        let grey = dice.between(120, 170) as u8;
        canvas.disc((x, y), dice.between(1, 4) as i32, [grey, grey - 6, grey - 16]);
    }
}

fn wet_keyboard(canvas: &mut Canvas) {
    canvas.rectangle((20, 70), (440, 220), [44, 45, 50]);
    for row in 0..5 {
        for key in 0..12 {
            canvas.rectangle((32 + key * 35 + row % 2 * 5, 82 + row * 40), (29, 32), [78, 80, 86]);
            canvas.rectangle((40 + key * 35 + row % 2 * 5, 90 + row * 40), (6, 8), [190, 192, 198]);
        }
    }
    for (x, y, radius) in [(170, 150, 44), (216, 176, 56), (262, 150, 30), (330, 220, 18), (120, 214, 14)] {
        canvas.disc((x, y), radius, [116, 142, 168]);
        canvas.disc((x - radius / 3, y - radius / 3), radius / 5, [214, 228, 240]);
    }
}

fn tower(canvas: &mut Canvas) {
    canvas.rectangle((150, 20), (180, 320), [38, 39, 43]);
    canvas.rectangle((162, 40), (156, 26), [24, 24, 27]);
    canvas.rectangle((162, 74), (156, 26), [24, 24, 27]);
    canvas.disc((240, 128), 11, [90, 92, 98]);
    canvas.disc((286, 128), 4, [214, 40, 32]);
    for row in 0..11 {
        for hole in 0..12 {
            canvas.disc((174 + hole * 12, 170 + row * 14), 3, [16, 16, 18]);
        }
    }
}

fn mainboard(canvas: &mut Canvas) {
    canvas.rectangle((60, 30), (360, 300), [28, 92, 60]);
    for track in 0..14 {
        let x = 76 + track * 24;
        canvas.line((x, 44), (x + track % 4 * 12 - 18, 316), 1, [96, 156, 96]);
    }
    canvas.rectangle((110, 90), (110, 110), [196, 198, 202]);
    canvas.rectangle((124, 104), (82, 82), [150, 128, 108]);
    for slot in 0..4 {
        canvas.rectangle((270 + slot * 32, 70), (16, 190), [24, 26, 30]);
    }
    canvas.rectangle((334, 66), (16, 176), [46, 120, 190]);
    for (x, y) in [(100, 250), (140, 268), (180, 246), (220, 280)] {
        canvas.disc((x, y), 13, [54, 56, 62]);
        canvas.disc((x, y), 9, [184, 188, 194]);
    }
}
