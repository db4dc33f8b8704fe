//! 简体中文。

mod contacts;
mod self_service;
mod trash;
mod work;

use super::*;
use crate::domain::lists::parameter::MAX_INTEGER;
use crate::domain::paging::MAX_LIMIT;
use crate::domain::people::person::{PASSWORD_MAX_BYTES, PASSWORD_MIN};
use crate::domain::photo::{MAX_MEGABYTES, MAX_MEGAPIXELS, MAX_PHOTOS, MAX_SIDE};
pub use contacts::*;
pub use self_service::*;
pub use trash::*;
pub use work::*;

pub const FRAME: Frame = Frame {
    skip_to_content: "跳到正文",
    places: "主导航",
    waiting: "等你处理",
    report: "报修",
    other_language: "English",
    theme: "主题",
    theme_system: "跟随系统",
    theme_light: "浅色",
    theme_dark: "深色",
    account: "账号与密码",
    sign_in: "登录",
    sign_out: "退出登录",
    api_docs: "接口文档",
    page_title: |page, site| format!("{page} · {site}"),
};

pub const LIST: ListTexts = ListTexts {
    list: |list| match list {
        List::All => "全部",
        List::Pending => "未完成",
        List::Done => "已完成",
    },
    waiting: "等我处理",
    by_progress: "按进度",
    campus: "校区",
    any: "全部",
    device: "设备",
    fault: "故障",
    from: |time| format!("{time}起始"),
    to: |time| format!("{time}截止"),
    more_filters: "更多条件",
    sort: "排序",
    sort_key: |key| match key {
        SortKey::Number => "编号",
        SortKey::Filed => "提交时间",
        SortKey::Changed => "最近变动",
        SortKey::Waiting => "等待时间",
    },
    direction: |direction| match direction {
        Direction::Descending => "新的在前",
        Direction::Ascending => "旧的在前",
    },
    sorted_by: |by| match by {
        SortedBy::Number | SortedBy::Filed => "提交",
        SortedBy::Changed => "变动",
        SortedBy::Waiting => "等待自",
        SortedBy::Assigned => "分配",
        SortedBy::Completed => "完成",
    },
    action: "下一步",
    more_than: |number| format!("{number}+"),
    export: "导出",
    owner_id: "用户编号",
    technician_id: "技术员编号",
    filter: "筛选",
    active_filters: "已选条件",
    remove: "去掉",
    clear: "清除",
    results: "查询结果",
    tickets: "工单",
    number: "编号",
    what: "设备与问题",
    technician: "技术员",
    status: "状态",
    filed: "提交",
    nobody: "未分配",
    named: |label, value| format!("{label}：{value}"),
    count: |from, to, total| format!("第 {from}–{to} 单，共 {total} 单"),
    total: |total| format!("共 {total} 单"),
    bad_id: "要填一个编号，只用数字，例如 20240000017",
    loading: "正在查询…",
    pages: "分页",
    page: |number| format!("第 {number} 页"),
    first: "首页",
    previous: "上一页",
    next: "下一页",
    last: "末页",
    rows_a_page: "每页行数",
    rows_label: "每页",
    nothing_filed: "还没有报修。",
    nothing_filed_hint: "在维修台登记后，进度会显示在这里。",
    nothing_assigned: "还没有分配给你的工单。",
    nothing_assigned_hint: "管理员分配之后，任务会显示在这里。",
    nothing_to_take: "没有等待接单的工单。",
    nothing_to_take_hint: "有人报修之后，可以在这里接单。",
    nothing_at_all: "还没有工单。",
    nothing_at_all_hint: "有人报修之后，工单会显示在这里。",
    nothing_matches: |filters| format!("没有符合的工单：{filters}。"),
    and: "、",
    drop: |filter| format!("去掉{filter}"),
    clear_all: "全部清除",
    past_the_end: |page, last| format!("没有第 {page} 页，一共 {last} 页。"),
    to_last_page: "去末页",
    to_first_page: "回首页",
    not_asked: "条件有误，还没有查询。",
    clear_and_show_all: "清除条件，重新查询",
    to_correct: |count| format!("有 {count} 处要改，改好后再筛选"),
};

pub const TICKET: TicketTexts = TicketTexts {
    back: |place| format!("返回{place}"),
    way: "所在列表",
    previous: "上一单",
    next: "下一单",
    number: |id| format!("编号 {id}"),
    filed: "提交于",
    story: "问题",
    photo: "报修时附上的照片",
    progress: "进度",
    step_past: "完成：",
    step_next: "还没到：",
    step_filed: "已提交",
    step_assigned: |technician| format!("已分配给{technician}"),
    contact: "联系",
    owner: "报修人",
    phone: "电话",
    qq: "QQ",
    other_contact: "其他",
    campus: "校区",
    technician: "技术员",
    device: "设备",
    device_type: "类型",
    brand: "品牌",
    purchased: "购买日期",
    fault: "故障",
    assigned: "分配时间",
    completed: "完成时间",
    not_yet: "还没有",
    unknown: "没有填写",
    external: |address| format!("照片地址：{address}"),
    open_photo: "打开外部照片",
    open_photo_hint: "照片在别的网站上。点开之后，那个网站会知道有人看了它。",
    title: |id| format!("工单 {id}"),
};

pub const SIGN_IN: SignIn = SignIn {
    title: "登录",
    login: "账号",
    login_hint: "用户名、手机号或邮箱",
    password: "密码",
    submit: "登录",
    wrong: "账号或密码不对。检查大小写后再试；忘了密码请找管理员重设。",
    waits: "登录已失效，刚才的内容还没有提交。登录之后它会回到原来的表单里，由你再提交一次；照片要重新选。",
    new_tab: "（新标签页）",
};

pub const ACCOUNT: AccountTexts = AccountTexts {
    title: "账号与密码",
    who: "账号",
    nickname: "昵称",
    id: "编号",
    role: "身份",
    change: "修改密码",
    current: "当前密码",
    new: "新密码",
    new_hint: |minimum| format!("至少 {minimum} 个字符，可以用一句话"),
    repeat: "再输一次新密码",
    consequence: "修改后，其他设备上的登录和接口令牌都会失效。",
    submit: "修改密码",
    changed: "密码已修改。其他设备已退出登录。",
    wrong_current: "当前密码不对，再输一次",
    differ: "两次输入的新密码不一样",
    bad: |bad| match bad {
        BadPassword::TooShort => format!("太短了，至少 {PASSWORD_MIN} 个字符"),
        BadPassword::Blank => "不能全是空格".to_owned(),
        BadPassword::Common => "太常见，一猜就中，换一个".to_owned(),
        BadPassword::LikeAName => "和你的名字、电话或邮箱太像，换一个".to_owned(),
        BadPassword::TooLong => format!("太长了，最多 {PASSWORD_MAX_BYTES} 字节"),
    },
};

pub const PROBLEM: ProblemTexts = ProblemTexts {
    denied_title: "你没有权限看这里",
    denied: "全部工单只有管理员能看。",
    not_found_title: "没有这个页面",
    not_found: "地址可能写错了，或者这张工单不是你的。",
    broken_title: "出了点问题",
    broken: "服务器没能完成这次查询，记录已经留下。可以再试一次；还不行就把下面的编号告诉管理员。",
    no_database_title: "报修台暂时用不了",
    no_database: "数据库现在没有响应，请过几秒再试一次。",
    unreachable_title: "连不上服务器",
    unreachable: "请检查网络，然后再试一次。",
    signed_out_title: "登录已失效",
    signed_out: "请重新登录，之后会回到这一页。",
    other_person_title: "现在登录的是另一个人",
    other_person: "这个页面是给另一个账号打开的，什么都没有提交。",
    bad_request: "请求有误，服务器看不懂。",
    retry: "再试一次",
    home: |place| format!("去{place}"),
    start: "回到首页",
    incident: "请求编号",
    too_many_tries: |seconds| format!("尝试次数太多，请等 {seconds} 秒后再试。"),
    uploads_under_way: |seconds| format!("你还有照片在上传，请等 {seconds} 秒后再试。"),
    busy: |seconds| format!("服务器现在太忙，请等 {seconds} 秒后再试。"),
    reason: |reason| match reason {
        Reason::NotAnInteger => format!("只能是 1 到 {MAX_INTEGER} 的整数"),
        Reason::NotALimit => format!("只能是 1 到 {MAX_LIMIT} 的整数"),
        Reason::NotAList => "只能是 pending、done 或 all".to_owned(),
        Reason::NotARole => "只能是 user、technician 或 admin".to_owned(),
        Reason::NotAStatus => "只能是工单的状态之一，例如 Pending 或 Done".to_owned(),
        Reason::NotAMark => "只能是 yes，或者不填".to_owned(),
        Reason::NotADay => "应是一个日期，例如 2024-06-10".to_owned(),
        Reason::EndsBeforeItBegins => "不能早于开始日期".to_owned(),
        Reason::NotASortKey => "只能是 number、filed、changed 或 waiting".to_owned(),
        Reason::NotADirection => "只能是 asc 或 desc".to_owned(),
        Reason::NotAPlace => "应是这个列表给出的位置".to_owned(),
        Reason::TooLong => "太长了".to_owned(),
        Reason::Repeated => "出现了不止一次".to_owned(),
        Reason::Conflicting => "网址和请求体里的值不一样".to_owned(),
        Reason::NotSupported => "这里不支持".to_owned(),
        Reason::Unprintable => "有看不见的字符".to_owned(),
        Reason::NotAValue => "只能是数字或文字".to_owned(),
    },
};

pub const API: Api = Api {
    denied: "权限不足",
    no_such_address: "没有这个接口",
    method_not_allowed: "这个接口不支持该方法",
    body_too_large: "请求体太大",
    body_no_object: "请求体不是 JSON 对象",
    bad_value: "没有填写或不对",
    before_files: "必须是工单编号，并且放在文件之前",
    body_no_form: "请求体不是带文件的表单（multipart/form-data）",
    no_such_ticket: "没有这张工单",
    no_such_person: "没有这个人",
    no_such_photo: "没有这张照片",
    no_such_link: "链接已用过、已过期或不存在",
    conf_flag: "是否接受报修：1 为接受，空为暂停",
    conf_year: "当前年份",
    conf_tips: "首页提示",
    conf_rest: "暂停报修时的说明",
    conf_submit: "报修前的提示",
    never_set: "不能通过这个接口填写",
    login_fields: "请求体要有文字 username 和 password",
    wrong_credentials: "账号或密码错误",
    foreign_origin: "请求来自别的网站",
    broken: |incident| format!("服务器出错，请求编号 {incident}"),
    no_database: |incident| format!("数据库暂时没有响应，请过几秒再试，请求编号 {incident}"),
    value: |parameter, reason| format!("参数 {parameter} {reason}"),
};

pub const DOCS: Docs = Docs {
    title: "接口文档",
    group: |tag| {
        Some(match tag {
            "sign-in" => "登录",
            "lookups" => "查询工单",
            "tickets" => "报修与处理",
            "photos" => "照片",
            "account" => "自己的账号",
            "people" => "人员",
            _ => return None,
        })
    },
    contents: "目录",
    document: "OpenAPI 3.1 文件",
    parameters: "参数",
    body: "请求体",
    responses: "回应",
    fields: |schema| format!("{schema} 的字段"),
    name: "名称",
    kind: "类型",
    meaning: "说明",
    status: "状态",
};

pub const fn role(role: Role) -> &'static str {
    match role {
        Role::User => "用户",
        Role::Technician => "技术员",
        Role::Admin => "管理员",
    }
}

pub const fn place(place: ListPage) -> &'static str {
    match place {
        ListPage::My => "我的报修",
        ListPage::Jobs => "我的任务",
        ListPage::Pool => "待接单",
        ListPage::All => "全部工单",
    }
}

pub const fn status(status: Status, is_assigned: bool) -> &'static str {
    match status {
        Status::Pending if is_assigned => "待开始",
        Status::Pending => "待分配",
        Status::Repairing => "维修中",
        Status::UserConfirming => "等待用户确认",
        Status::TechConfirming => "等待技术员确认",
        Status::Done => "已完成",
        Status::Closed => "已关闭",
        Status::Canceled => "已取消",
    }
}
