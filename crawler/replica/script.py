"""Simplified characters as a mirror for readers of traditional ones prints them: those that our reports use."""

from __future__ import annotations

_SIMPLIFIED = (
    "万业为举于会决减务发双处复审对属开总执护报数条构没现权机满电监确稳类纠纳组织经结继续维缴罚获补规计认"
    "议许讼访诉询请购费转过这还采项额当关体与两个门间问题长应强录归员围国图场备头专众单动后岭广库据无时标"
    "检栏济环盖码础积笔简级纪约纸线练细终给统编网联职节范营见观览订训记讲设证评试详语误说读调责质资较输达"
    "运进远连适选邮针链错镇队阅随难须顾预领频馆验县乡桥书华气东车湾写词够轨将传层径带态户农区"
)
_TRADITIONAL = (
    "萬業為舉於會決減務發雙處復審對屬開總執護報數條構沒現權機滿電監確穩類糾納組織經結繼續維繳罰獲補規計認"
    "議許訟訪訴詢請購費轉過這還採項額當關體與兩個門間問題長應強錄歸員圍國圖場備頭專眾單動後嶺廣庫據無時標"
    "檢欄濟環蓋碼礎積筆簡級紀約紙線練細終給統編網聯職節範營見觀覽訂訓記講設證評試詳語誤說讀調責質資較輸達"
    "運進遠連適選郵針鏈錯鎮隊閱隨難須顧預領頻館驗縣鄉橋書華氣東車灣寫詞夠軌將傳層徑帶態戶農區"
)
_MAP = str.maketrans(_SIMPLIFIED, _TRADITIONAL)


def traditional(text: str) -> str:
    """The text in traditional characters, one for one."""
    return text.translate(_MAP)
