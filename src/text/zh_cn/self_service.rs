//! 登录之外的入口。

use super::*;

pub const SELF_SERVICE: SelfServiceTexts = SelfServiceTexts {
    to_sign_in: "已有账号，去登录",
    to_register: "注册账号",
    register: "注册",
    username_hint: "登录时用；不能有空格，也不能像电话或邮箱",
    contact_hint: "电话和邮箱至少填一项，技术员用它联系你",
    repeat: "再输一次密码",
    back_to_sign_in: "回到登录",
    wrong: "账号或密码不对。检查大小写后再试；忘了密码，用下面的链接重设。",
    forgot: "忘记密码",
    forgot_intro: "输入用户名或邮箱，我们把设置新密码的链接发到账号留下的邮箱。",
    forgot_login: "用户名或邮箱",
    forgot_submit: "发送链接",
    forgot_sent: "如果有这个账号，而且留了邮箱，链接很快会到，一小时内有效。没有收到就看看垃圾邮件，或者找管理员重设。",
    mail_subject: |site| format!("[{site}] 设置新密码"),
    mail_asked: |username| format!("有人说忘了账号 {username} 的密码。打开这个链接，设置新密码："),
    mail_link: "设置新密码",
    mail_limits: |minutes| {
        format!("链接 {minutes} 分钟内有效，只能用一次。设好之后，其他设备上的登录都会失效。")
    },
    mail_ignore: "如果不是你，不用理会这封邮件，密码不会变。",
};
