"""The lines that run `gongkai update` every night, for cron and for systemd. They are printed, never installed."""

from __future__ import annotations

from pathlib import Path

AT = (2, 30)  # at night, when the portals have few readers


def cron(command: Path, data: Path, contact: str) -> str:
    """One line of a crontab. Its mail is the report: the command prints a short summary."""
    hour, minute = AT
    update = f"{command} --data {data} update --release --stop-after 4h --if-running ok"
    return f"{minute} {hour} * * *  GONGKAI_CONTACT={contact} {update}"


def systemd(command: Path, data: Path, contact: str) -> str:
    """A service and its timer, for /etc/systemd/system/ or ~/.config/systemd/user/."""
    hour, minute = AT
    return f"""# gongkai-update.service
[Unit]
Description=Collect the annual reports on open government information
After=network-online.target

[Service]
Type=oneshot
Environment=GONGKAI_CONTACT={contact}
ExecStart={command} --data {data} update --release --stop-after 4h --if-running ok
Nice=10

# gongkai-update.timer
[Unit]
Description=gongkai update, every night

[Timer]
OnCalendar=*-*-* {hour:02}:{minute:02}
RandomizedDelaySec=20min
Persistent=true

[Install]
WantedBy=timers.target"""
