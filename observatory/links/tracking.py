"""Tracking parameters that advertising, mailings and networks add to links: they mean nothing here."""

# By whoever adds them; compared without case. A name of ours never stands here (tests/links).
_NAMES_BY_ORIGIN = {
    "Google": "gclid gclsrc dclid gbraid wbraid srsltid gad_source gad_campaignid _ga _gl _gac _gid usg ved sca_esv",
    "Meta": "fbclid igshid igsh mibextid fb_action_ids fb_action_types fb_ref fb_source action_object_map",
    "Microsoft": "msclkid _cldee esid recipientid cvid ocid",
    "LinkedIn": "li_fat_id lipi licu trk trkcampaign trackingid refid midtoken midsig eblid",
    "X": "twclid ref_src ref_url",
    "other networks": "ttclid _ttp yclid ysclid _openstat epik rdt_cid sccid sc_cid scid wickedid tblci",
    "mailings": "mc_cid mc_eid mc_tc mkt_tok _ke _kx dm_i dm_t vero_id vero_conv ck_subscriber_id ml_subscriber"
    " ml_subscriber_hash mailid nr_email_referer bbeml ss_email_id ss_source ss_campaign_id _se sib_id"
    " spmailingid spuserid spjobid spreportid rb_clickid s_cid s_kwcid ef_id cjevent",
    "HubSpot": "_hsenc _hsmi hsctatracking __s",
    "Piano, Webtrends, Adobe": "xtor xtref xts wt_mc wt.mc_id cmpid icid sdid",
    "Branch, Olytics": "_branch_match_id _branch_referrer oly_anon_id oly_enc_id",
    "translation and mail": "guccounter guce_referrer guce_referrer_sig",
}
TRACKING_NAMES = frozenset(name for names in _NAMES_BY_ORIGIN.values() for name in names.split())
TRACKING_PREFIXES = (
    "utm_",
    "mtm_",
    "pk_",
    "piwik_",
    "matomo_",
    "hsa_",
    "__hs",
    "at_",
    "elq",
    "oft_",
    "_x_tr_",
    "sfmc_",
)


def is_tracking(name: str) -> bool:
    """Whether the name of a parameter is one of tracking."""
    folded = name.lower()
    return folded in TRACKING_NAMES or folded.startswith(TRACKING_PREFIXES)
