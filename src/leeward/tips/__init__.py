"""What other organisations send to be worked on here: CyberTips, items of ICCAM, X-ARF reports."""
