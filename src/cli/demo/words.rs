//! Texts that people write: a complaint for fault and device, some with a detail, some with when
//! and how to reach them.

use super::complaints::{self, ANY};
use super::devices::Family;
use super::dice::Dice;

/// Picks a fault that such a device can have.
pub fn fault(faults: &[String], family: Family, dice: &mut Dice) -> usize {
    let numbers: Vec<usize> = (0..faults.len()).collect();
    if numbers.is_empty() {
        return 0;
    }
    *dice.weighted(&numbers, |number| {
        let fault = faults[*number].as_str();
        if complaints::fitting(fault, family).is_empty() { 0 } else { weight_of(fault) }
    })
}

pub fn description(fault: &str, family: Family, dice: &mut Dice) -> (String, Option<&'static str>) {
    let fitting = complaints::fitting(fault, family);
    let complaint = dice.pick(if fitting.is_empty() { ANY } else { fitting });
    let mut text = complaint.text.to_owned();
    if dice.chance(50) {
        let detail = dice.pick(details(fault));
        text.push_str(detail);
    }
    if dice.chance(35) {
        let closing = dice.pick(CLOSINGS);
        text.push_str(closing);
    }
    (text, complaint.photo)
}

fn weight_of(fault: &str) -> u64 {
    match fault {
        "清灰" => 26,
        "系统重装" => 16,
        "无法开机" => 16,
        "软件问题" => 14,
        "设备进水" => 8,
        _ => 10,
    }
}

fn details(fault: &str) -> &'static [&'static str] {
    match fault {
        "清灰" | "设备清灰" => &[
            "希望顺便换一下硅脂。",
            "硅脂自己带了一支。",
            "上次清灰还是大一。",
            "从买来到现在没有拆过。",
            "保修已经过了，可以拆。",
            "有一颗螺丝滑丝了，麻烦留意。",
            "之前自己拆过一次，没敢往里动。",
            "最近实验室在装修，灰特别大。",
            "如果要换零件，请先告诉我价钱。",
        ],
        "系统重装" => &[
            "桌面上的论文一定要留着。",
            "资料已经备份，可以全部清空。",
            "希望能装好 Office。",
            "账号和密码我都记得，可以当面登录。",
            "U 盘带了，16G。",
            "请先帮忙把资料拷出来，移动硬盘自带。",
            "装好以后常用软件我自己来。",
            "之前自己装过一次，没成功。",
        ],
        "无法开机" => &[
            "里面有毕业设计，请先帮忙把资料救出来。",
            "前一天刚更新过系统。",
            "没有摔过，也没进过水。",
            "电源线换过，一样。",
            "还在保修期，如果要拆请先告诉我。",
            "周四要答辩，比较急。",
            "断电放了一天，还是一样。",
            "昨天用着的时候已经死机过两次。",
        ],
        "设备进水" => &[
            "进水以后没有再开过机。",
            "用冷风吹过十分钟。",
            "大概是昨晚十点的事。",
            "里面的资料很重要，先保资料。",
            "已经放了两天，还是不敢开。",
            "当时马上断了电。",
            "表面擦干了，里面不知道。",
        ],
        "软件问题" => &[
            "重启过，没有用。",
            "网上的办法试了一圈。",
            "杀毒软件全盘扫过，没有问题。",
            "上周还是好的。",
            "只在图书馆会这样，宿舍正常。",
            "作业周五要交，比较急。",
            "别人的都没有这个问题。",
            "截图在手机里，到时候给你们看。",
        ],
        "硬件加装" => &[
            "配件周三到。",
            "配件已经买好了，一起带过去。",
            "不确定型号，希望当面看一下。",
            "预算三百以内。",
            "换下来的零件请还给我。",
            "自己没有螺丝刀。",
            "之前没拆过，保修已经过了。",
        ],
        _ => &["希望当面看一下。", "之前没有修过。", "重启过，没有用。"],
    }
}

const CLOSINGS: &[&str] = &[
    "下午四点以后都在。",
    "周末才有空送过去。",
    "平时上课，QQ 联系更快。",
    "电话没接到请发短信。",
    "送过去之前会先打电话。",
    "电源线一起带过去。",
    "中午十二点到两点可以送。",
    "晚上七点以后在宿舍。",
    "可以先放在值班室吗？",
    "麻烦师傅了。",
    "谢谢。",
];
