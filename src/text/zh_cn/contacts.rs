//! 电话和邮箱的确认。

use super::*;

pub const CONTACTS: ContactTexts = ContactTexts {
    verified: "已确认，可以用来登录",
    phone_unverified: "还没有确认，不能用来登录；请管理员确认",
    email_unverified: "还没有确认，不能用来登录或重设密码",
    current_hint: "改电话或邮箱时要填",
    send: "发送确认邮件",
    sent: "确认邮件很快会到，打开里面的链接就好。没有收到就看看垃圾邮件。",
    too_many_mails: |minutes| {
        format!("这个邮箱最近收到的确认邮件太多，请等 {minutes} 分钟后再试。什么都没有改。")
    },
    title: "确认邮箱",
    intro: "点下面的按钮，确认这个邮箱是你的。之后可以用它登录，也可以用它重设密码。",
    confirm: "确认邮箱",
    confirmed: "邮箱已确认。",
    link_over: "这个链接用过了、过期了，或者邮箱又改过。可以在“账号与密码”里再发一次。",
    to_account: "去“账号与密码”",
    mail_subject: |site| format!("[{site}] 确认邮箱"),
    mail_asked: |username| format!("账号 {username} 填了这个邮箱。打开这个链接，确认邮箱是你的："),
    mail_link: "确认邮箱",
    mail_limits: |hours| format!("链接 {hours} 小时内有效，只能用一次。"),
    mail_ignore: "如果不是你填的，不用理会这封邮件。",
    unconfirmed: |contact| format!("{contact}（未确认）"),
    give_hint: "确认过的才能用来登录。留空就去掉。下一步会再问一次。",
    give: "设置并确认…",
    ask: |input, contact, name| match contact {
        "" => format!("去掉{name}的{input}？"),
        _ => format!("{name}的{input}是 {contact} 吗？"),
    },
    ask_hint: "请先核实是本人的：确认之后，可以用它登录这个账号，邮箱还可以用来重设密码。原来的邮箱会收到通知。",
    sure: |input, contact| match contact {
        "" => format!("去掉{input}"),
        _ => format!("确认{input} {contact}"),
    },
    cancel: "取消",
    given: "已保存。",
    held: "是另一个人已经确认过的，不能再给别人；要换人请先从那个账号去掉",
    changed_subject: |site| format!("[{site}] 账号有变动"),
    changed: |mail, username| match mail {
        AccountMail::PhoneChanged => format!("账号 {username} 的电话改了。"),
        AccountMail::PasswordChanged => format!("账号 {username} 的密码改了。"),
        AccountMail::EmailChanged | AccountMail::Verify => {
            format!("账号 {username} 的邮箱改了，以后的邮件不再发到这里。")
        }
    },
    changed_not_you: "如果不是你改的，请马上联系管理员。",
};
