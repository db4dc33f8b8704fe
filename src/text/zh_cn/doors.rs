//! 登录之外的入口。

use super::*;

pub const DOORS: DoorTexts = DoorTexts {
    to_sign_in: "已有账号，去登录",
    to_register: "注册账号",
    register: "注册",
    username_hint: "登录时用；不能有空格，也不能像电话或邮箱",
    contact_hint: "电话和邮箱至少填一项，技术员用它联系你",
    repeat: "再输一次密码",
};
