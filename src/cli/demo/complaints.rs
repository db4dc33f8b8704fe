//! Complaints for each fault and device, in their owners' words.

use super::devices::Family;

pub struct Complaint {
    pub text: &'static str,
    /// Picture that would show it.
    pub photo: Option<&'static str>,
}

/// Empty if such a device cannot have that fault.
pub fn fitting(fault: &str, family: Family) -> &'static [Complaint] {
    match fault {
        "清灰" | "设备清灰" => match family {
            Family::Laptop => DUSTY_LAPTOP,
            Family::Mac => DUSTY_MAC,
            Family::Desktop => DUSTY_DESKTOP,
            Family::Tablet => DUSTY_TABLET,
            Family::Screen => DUSTY_SCREEN,
            Family::Printer => DUSTY_PRINTER,
            Family::Router => DUSTY_ROUTER,
        },
        "系统重装" => match family {
            Family::Laptop | Family::Desktop => REINSTALL_PC,
            Family::Mac => REINSTALL_MAC,
            Family::Tablet => REINSTALL_TABLET,
            Family::Router => REINSTALL_ROUTER,
            Family::Screen | Family::Printer => &[],
        },
        "无法开机" => match family {
            Family::Laptop => DEAD_LAPTOP,
            Family::Mac => DEAD_MAC,
            Family::Desktop => DEAD_DESKTOP,
            Family::Tablet => DEAD_TABLET,
            Family::Screen => DEAD_SCREEN,
            Family::Printer => DEAD_PRINTER,
            Family::Router => DEAD_ROUTER,
        },
        "设备进水" => match family {
            Family::Laptop | Family::Mac => WET_LAPTOP,
            Family::Desktop => WET_DESKTOP,
            Family::Tablet => WET_TABLET,
            Family::Screen => WET_SCREEN,
            Family::Printer => WET_PRINTER,
            Family::Router => WET_ROUTER,
        },
        "软件问题" => match family {
            Family::Laptop | Family::Desktop => SOFTWARE_PC,
            Family::Mac => SOFTWARE_MAC,
            Family::Tablet => SOFTWARE_TABLET,
            Family::Screen => SOFTWARE_SCREEN,
            Family::Printer => SOFTWARE_PRINTER,
            Family::Router => SOFTWARE_ROUTER,
        },
        "硬件加装" => match family {
            Family::Laptop => PARTS_LAPTOP,
            Family::Mac => PARTS_MAC,
            Family::Desktop => PARTS_DESKTOP,
            Family::Tablet => PARTS_TABLET,
            Family::Screen => PARTS_SCREEN,
            Family::Printer => PARTS_PRINTER,
            Family::Router => PARTS_ROUTER,
        },
        _ => ANY,
    }
}

const DUSTY_FAN: Option<&str> = Some("/demo/dusty-fan.svg");
const BLUE_SCREEN: Option<&str> = Some("/demo/blue-screen.svg");
const CRACKED_SCREEN: Option<&str> = Some("/demo/cracked-screen.svg");
const SPILLED_COFFEE: Option<&str> = Some("/demo/spilled-coffee.svg");

const fn symptom(text: &'static str) -> Complaint {
    Complaint { text, photo: None }
}

const fn shown(text: &'static str, photo: Option<&'static str>) -> Complaint {
    Complaint { text, photo }
}

/// Complaints for faults of this site only.
pub const ANY: &[Complaint] = &[
    symptom("用着用着就不正常了，说不清是哪里的问题。"),
    symptom("最近经常出问题，想请你们检查一下。"),
    symptom("时好时坏，找不到规律。"),
    symptom("换了地方也一样，想当面看一下。"),
];

const DUSTY_LAPTOP: &[Complaint] = &[
    shown("风扇很响，开机十分钟后自动关机。", DUSTY_FAN),
    symptom("玩游戏二十分钟键盘就烫手，帧数掉得厉害。"),
    shown("出风口吹出来的风很小，里面能看到灰。", DUSTY_FAN),
    shown("好久没清灰了，风扇一直满转。", DUSTY_FAN),
    symptom("一开视频会议风扇就狂转，机身很烫。"),
    symptom("处理器到了九十七度，经常降频。"),
    symptom("风扇有嗡嗡的异响，转速一高更明显。"),
    symptom("宿舍没空调，编译代码时自动关机两次。"),
    symptom("想清灰换硅脂，买来之后没拆过。"),
    shown("散热口堵了一层毛絮，估计是猫毛。", DUSTY_FAN),
    symptom("待机也有七十多度，以前只有四十多。"),
    symptom("放在床上用久了，底部进风口吸了很多灰。"),
    symptom("写论文时风扇一阵一阵地响，室友有意见了。"),
];

const DUSTY_MAC: &[Complaint] = &[
    symptom("写论文开着几十个网页就很烫，键盘上方烫手。"),
    symptom("买来以后没清过灰，导出视频时明显变慢。"),
    symptom("底壳是五角螺丝，自己没有工具，想请你们清一下灰。"),
    symptom("接口里都是灰，充电线插不紧。"),
    symptom("键盘缝里进了碎屑，有几个键按不下去。"),
    symptom("屏幕转轴缝里有灰，开合时沙沙响。"),
    symptom("外接显示器时烫得厉害，想拆开清一清。"),
];

const DUSTY_DESKTOP: &[Complaint] = &[
    shown("机箱里积灰很厚，风扇声音像吹风机。", DUSTY_FAN),
    shown("侧板打开全是灰，显卡风扇转不动。", DUSTY_FAN),
    symptom("玩游戏半小时必死机，怀疑散热不行。"),
    shown("机箱一直放地上，防尘网已经堵住了。", DUSTY_FAN),
    symptom("处理器散热器一年没清，待机六十多度。"),
    symptom("开机有哒哒声，像是线碰到了风扇。"),
    symptom("想整体清灰，顺便理一下线。"),
    symptom("显卡八十八度，风扇满转。"),
    symptom("搬宿舍落了一个暑假的灰，不敢直接开。"),
];

const DUSTY_TABLET: &[Complaint] =
    &[symptom("充电口里都是棉絮，线插不紧。"), symptom("扬声器孔堵了，声音很小。")];

const DUSTY_SCREEN: &[Complaint] =
    &[symptom("屏幕和外框的缝里进了灰，想清一下。"), symptom("散热孔积灰，用久了有糊味。")];

const DUSTY_PRINTER: &[Complaint] =
    &[symptom("总是卡纸，里面都是纸屑和碳粉。"), symptom("打出来有黑线，想清洁一下。")];

const DUSTY_ROUTER: &[Complaint] = &[symptom("散热孔全是灰，摸着很烫，晚上老掉线。")];

const REINSTALL_PC: &[Complaint] = &[
    symptom("系统很卡，想重装 Windows 11。"),
    symptom("开机要四五分钟，进了桌面右键都转圈。"),
    symptom("弹窗广告卸了又装回来，想重装干净。"),
    shown("更新失败后一直回滚，进不去桌面。", BLUE_SCREEN),
    shown("蓝屏后反复自动修复，修复不了。", BLUE_SCREEN),
    symptom("想从家庭版换成教育版，怕丢资料。"),
    symptom("想装双系统，Windows 加 Ubuntu，课程实验要用。"),
    symptom("C 盘红了，想重装并重新分区。"),
    symptom("二手买的，里面还有前主人的账号，想重装。"),
    symptom("大版本更新以后没有声音，想退回去。"),
    symptom("实验课要用 Ubuntu，自己装到一半卡住了。"),
    symptom("换了新固态，是空的，想装一个系统。"),
];

const REINSTALL_MAC: &[Complaint] = &[
    symptom("想抹掉重装 macOS，换新账号。"),
    symptom("升级之后卡在进度条，进不去系统。"),
    symptom("想把系统退回上一个版本，专业软件不兼容新系统。"),
    symptom("二手买来的，想抹掉前主人的资料重新装。"),
    symptom("磁盘工具报错，重装系统装到一半停住。"),
];

const REINSTALL_TABLET: &[Complaint] =
    &[symptom("升级系统以后一直重启，想恢复出厂设置。"), symptom("锁屏密码忘了，想清空重新用。")];

const REINSTALL_ROUTER: &[Complaint] =
    &[symptom("管理密码忘了，想恢复出厂重新设置。"), symptom("刷机刷坏了，灯一直红。")];

const DEAD_LAPTOP: &[Complaint] = &[
    symptom("按电源键没反应，充电灯也不亮。"),
    symptom("昨晚还好好的，今天早上按开机键只亮一下灯。"),
    symptom("能听到风扇转，但是屏幕一直黑的。"),
    symptom("开机停在品牌标志，转圈转不出来。"),
    shown("一开机就蓝屏，代码每次不一样。", BLUE_SCREEN),
    shown("开机提示找不到启动盘。", BLUE_SCREEN),
    shown("摔了一下之后开不了机，屏幕角上有裂纹。", CRACKED_SCREEN),
    symptom("电池放没电一个月，现在充不进电了。"),
    symptom("更新关机以后就再也没亮过。"),
    symptom("插着电源能开，拔了马上断电。"),
    symptom("键盘灯亮，屏幕不亮，外接显示器有画面。"),
];

const DEAD_MAC: &[Complaint] = &[
    symptom("按电源键没反应，换了充电器也一样。"),
    symptom("卡在苹果标志，进度条走到一半不动。"),
    symptom("合上盖子再打开就唤不醒，强制关机也没用。"),
    shown("磕了一下屏幕有裂，之后就不显示了。", CRACKED_SCREEN),
    symptom("开机是一个闪烁的问号文件夹。"),
    symptom("电池用尽以后再也充不上电。"),
];

const DEAD_DESKTOP: &[Complaint] = &[
    symptom("按开机键风扇转一下就停。"),
    symptom("主板灯亮，显示器一直没有信号。"),
    symptom("搬宿舍之后就开不了机了，可能碰松了什么。"),
    symptom("开机长鸣三声，擦过内存没有用。"),
    symptom("电源有烧焦味，不敢再通电。"),
    symptom("换了显卡以后点不亮。"),
    shown("进系统前蓝屏，提示恢复环境也打不开。", BLUE_SCREEN),
    shown("开机自检停在硬盘，提示没有可启动设备。", BLUE_SCREEN),
    symptom("跳闸之后再也开不了机。"),
];

const DEAD_TABLET: &[Complaint] = &[
    symptom("充一晚上电还是开不了机。"),
    symptom("停在开机标志反复重启。"),
    shown("屏幕摔裂之后没有显示，声音还在。", CRACKED_SCREEN),
];

const DEAD_SCREEN: &[Complaint] = &[
    symptom("电源灯不亮，换过插座也一样。"),
    symptom("亮两秒就黑，电源灯还是亮的。"),
    shown("屏幕角落压裂了，点不亮。", CRACKED_SCREEN),
];

const DEAD_PRINTER: &[Complaint] = &[symptom("按电源键没反应。"), symptom("开机一直预热，进不了待机。")];

const DEAD_ROUTER: &[Complaint] =
    &[symptom("电源灯不亮，换了适配器也不行。"), symptom("打雷之后就不通电了。")];

const WET_LAPTOP: &[Complaint] = &[
    shown("半杯咖啡洒在键盘上，马上关机倒过来了。", SPILLED_COFFEE),
    symptom("矿泉水洒了，擦干以后有几个键失灵。"),
    symptom("书包里水杯漏了，机器泡了一会儿。"),
    shown("奶茶洒在触控板附近，键盘粘住了。", SPILLED_COFFEE),
    symptom("下雨天骑车包湿透了，能开机但声音断断续续。"),
    symptom("汤洒在键盘右边，回车和退格不能用。"),
    symptom("室友碰倒水杯，当时在充电，已经拔了电源。"),
    shown("泼了咖啡，当时没事，第二天开不了机。", SPILLED_COFFEE),
    symptom("屏幕下方进了水汽，有一块阴影。"),
    symptom("加湿器在旁边吹了一晚，键盘上都是水。"),
];

const WET_DESKTOP: &[Complaint] = &[
    symptom("空调漏水，机箱顶上进了水。"),
    symptom("水杯倒了，水从机箱顶部的散热孔流进去了。"),
    symptom("拖地的水溅到机箱，开机跳闸。"),
    shown("咖啡泼在键盘上，机箱上也溅到一些。", SPILLED_COFFEE),
];

const WET_TABLET: &[Complaint] =
    &[symptom("掉进洗手池，捞出来已经关机。"), shown("咖啡洒上去，触屏乱跳。", SPILLED_COFFEE)];

const WET_SCREEN: &[Complaint] = &[symptom("擦屏幕喷多了水，边缘一圈发暗。")];

const WET_PRINTER: &[Complaint] = &[symptom("窗户没关，打印机淋了雨。")];

const WET_ROUTER: &[Complaint] = &[symptom("路由器被水杯打湿，灯全灭了。")];

const SOFTWARE_PC: &[Complaint] = &[
    symptom("连上校园网但打不开网页，手机是好的。"),
    symptom("Office 提示未激活，论文打不开。"),
    symptom("MATLAB 装到一半报错，装了三次都不行。"),
    shown("每天蓝屏一两次，都是在看视频的时候。", BLUE_SCREEN),
    symptom("没有声音了，驱动重装过也没用。"),
    symptom("外接显示器识别不到。"),
    symptom("蓝牙开关不见了，鼠标连不上。"),
    symptom("输入法打不出中文，候选框不出来。"),
    symptom("桌面图标全没了，只剩一个任务栏。"),
    symptom("浏览器主页被改了，改不回来。"),
    symptom("打印机装不上驱动，提示端口错误。"),
    symptom("摄像头打不开，网课签不了到。"),
    shown("更新驱动以后一进游戏就蓝屏。", BLUE_SCREEN),
    symptom("SolidWorks 打开就闪退。"),
    symptom("磁盘占用一直是百分之百，开什么都卡。"),
    shown("开机要恢复密钥，不知道去哪里找。", BLUE_SCREEN),
];

const SOFTWARE_MAC: &[Complaint] = &[
    symptom("弹不出校园网的认证页面。"),
    symptom("Word 打开就闪退。"),
    symptom("系统数据占了一百多 G，不知道怎么清。"),
    symptom("移动硬盘打不开，提示要格式化。"),
    symptom("外接显示器分辨率不对，字很糊。"),
    symptom("隔空投送找不到手机。"),
    symptom("切换输入法会卡几秒。"),
];

const SOFTWARE_TABLET: &[Complaint] = &[
    symptom("触控笔连不上。"),
    symptom("连校园网弹不出认证页面。"),
    symptom("应用更新后闪退，笔记打不开。"),
];

const SOFTWARE_SCREEN: &[Complaint] =
    &[symptom("接笔记本只有 30 Hz，调不上去。"), symptom("颜色发黄，怎么调都不对。")];

const SOFTWARE_PRINTER: &[Complaint] = &[
    symptom("电脑找不到打印机，重装驱动没有用。"),
    symptom("打印出来全是乱码。"),
    symptom("扫描用不了，提示未连接。"),
];

const SOFTWARE_ROUTER: &[Complaint] = &[
    symptom("晚上网速很慢，重启能好一会儿。"),
    symptom("拨号提示 691。"),
    symptom("手机能连，电脑连上没有网。"),
];

const PARTS_LAPTOP: &[Complaint] = &[
    symptom("想加一条 16G 内存，不知道买哪种，希望帮忙看一下。"),
    symptom("固态已经买好了，想换上去并把系统迁过去。"),
    symptom("想把机械硬盘换成固态。"),
    symptom("电池鼓包了，想换一块。"),
    shown("屏幕摔裂了，想换屏，请先报个价。", CRACKED_SCREEN),
    symptom("键盘 D 键掉了，想换一块键盘。"),
    symptom("想换一块无线网卡，自己不敢拆。"),
    symptom("想加第二块硬盘放数据，看看还有没有空位。"),
    symptom("转轴断了一边，想换外壳。"),
    symptom("屏幕有一道竖线，想换屏。"),
];

const PARTS_MAC: &[Complaint] = &[
    symptom("电池循环九百多次，提示需要维修，想换电池。"),
    shown("屏幕压裂了，想问换屏的价钱。", CRACKED_SCREEN),
    symptom("键盘有两个键帽掉了，想换。"),
    symptom("充电口松了，想换一个接口。"),
    symptom("触控板按不下去，怀疑电池鼓了，想换。"),
];

const PARTS_DESKTOP: &[Complaint] = &[
    symptom("想加一块显卡，不知道五百五十瓦的电源够不够。"),
    symptom("新买的固态想装上，主板有两个插槽不知道用哪个。"),
    symptom("想换一个静音的散热器。"),
    symptom("内存想加到 32G，不知道两条能不能混插。"),
    symptom("想装一块无线网卡。"),
    symptom("前面板接口坏了，想换一根线。"),
    symptom("换主板和处理器，配件都齐了，想请你们装。"),
];

const PARTS_TABLET: &[Complaint] =
    &[shown("屏幕摔碎了，想换外屏。", CRACKED_SCREEN), symptom("掉电很快，想换电池。")];

const PARTS_SCREEN: &[Complaint] =
    &[symptom("想装显示器支架，孔位对不上。"), shown("屏幕裂了一条，想问能不能换。", CRACKED_SCREEN)];

const PARTS_PRINTER: &[Complaint] = &[symptom("搓纸轮磨平了，想换一个。"), symptom("想换墨盒，型号不确定。")];

const PARTS_ROUTER: &[Complaint] =
    &[symptom("天线断了一根，想换。"), symptom("想加一个交换机，宿舍四个人用。")];
