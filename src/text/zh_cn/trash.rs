//! 删除的工单。

use super::*;

pub const TRASH: TrashTexts = TrashTexts {
    title: "已删除的工单",
    nothing: "没有已删除的工单。",
    deleted_by: |who, when| format!("{who}在 {when} 删除"),
    kept_until: |when| format!("{when} 之前可以恢复"),
    unreadable: "这张工单的记录读不出来，所以不能恢复。原因见服务器日志。",
    restore: "恢复",
    restore_this: |ticket| format!("恢复工单 {ticket}"),
    gone: "这张工单已经恢复，或者已经彻底删除。",
    delete: "删除工单",
    consequence: |days| format!("工单从所有列表里消失，{days} 天内管理员可以恢复，之后彻底删除。"),
};
