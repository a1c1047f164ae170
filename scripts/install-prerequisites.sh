#!/usr/bin/env bash
# Installs the missing Debian packages for building, running and testing; does nothing if
# none is missing.
#
# Works as root, and as a user with sudo. It creates no database cluster and neither starts nor
# enables a service; existing ones are not touched. The few settings that ensure this are undone at
# the end.
set -euo pipefail

packages=(libcurl4-openssl-dev libedit-dev libhiredis-dev libpq-dev libsqlite3-dev pkg-config libsimdjson-dev libzstd-dev
    zlib1g-dev g++ libstdc++-12-dev python3-venv pgbouncer)
# What single tests use, which are skipped where it is not installed; with --for-tests only.
optional=()
[[ ${1:-} != --for-tests ]] || optional=(prometheus-alertmanager redis-server)

readonly cluster_settings=/etc/postgresql-common/createcluster.conf
readonly cluster_extra=/etc/postgresql-common/createcluster.d/tally-setup.conf
readonly service_policy=/usr/sbin/policy-rc.d
readonly saved=.before-tally-setup

main() {
    command -v swift >/dev/null \
        || stop "swift is missing; install Swift 6.3 from https://www.swift.org/install/linux"
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "This is not Debian, so install the equivalents of these yourself:" \
            "${packages[*]} postgresql-15" >&2
        return
    fi
    have_server || packages+=(postgresql-15)
    local missing=() package
    for package in "${packages[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    local wanted=()
    for package in "${optional[@]}"; do
        is_installed "$package" || ! is_known "$package" || wanted+=("$package")
    done
    ((${#missing[@]} + ${#wanted[@]} > 0)) || return 0

    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null; then
            ((${#missing[@]} > 0)) || return 0
            stop "run this as root, or ask somebody who can: apt-get install ${missing[*]}"
        fi
        echo "Installing ${missing[*]} ${wanted[*]} with sudo."
        exec sudo PATH="$PATH" "$(readlink -f "${BASH_SOURCE[0]}")" "$@"
    fi
    install_packages "${missing[@]}" "${wanted[@]}"
}

install_packages() {
    export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
    echo "Installing $*."
    apt-get update -qq || echo "Some package lists could not be fetched; trying with the rest." >&2
    local service had=()
    for service in pgbouncer "${optional[@]}"; do
        ! is_installed "$service" || had+=("$service")
    done
    trap restore EXIT
    forbid_cluster
    forbid_services
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Options::=--force-confold "$@" \
        || stop "apt-get could not install $*; see its message above, mend it and try again"
    for service in pgbouncer "${optional[@]}"; do
        if [[ " ${had[*]} " != *" $service "* ]] && is_installed "$service"; then
            # The tests start their own server; the next boot must not start another.
            systemctl disable "$service.service" >/dev/null 2>&1 \
                || update-rc.d "$service" disable >/dev/null 2>&1 || true
        fi
    done
}

# Any server from 15 on will do.
have_server() {
    local directory version
    for directory in /usr/lib/postgresql/*/bin; do
        version=${directory%/bin}
        version=${version##*/}
        if [[ -x $directory/postgres && $version =~ ^[0-9]+$ && $version -ge 15 ]]; then
            return 0
        fi
    done
    return 1
}

# Whether this Debian has the package; what it does not have is not asked for.
is_known() {
    [[ -n $(apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: \([^(].*\)/\1/p') ]]
}

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]
}

# A fresh createcluster.conf includes createcluster.d; an existing one may not, so it is amended.
forbid_cluster() {
    if [[ -e $cluster_settings ]]; then
        [[ -e $cluster_settings$saved ]] || cp -p "$cluster_settings" "$cluster_settings$saved"
        sed -i '/^[[:space:]]*create_main_cluster\b/d' "$cluster_settings"
        echo "create_main_cluster = false" >>"$cluster_settings"
    else
        mkdir -p "${cluster_extra%/*}"
        echo "create_main_cluster = false" >"$cluster_extra"
    fi
}

forbid_services() {
    if [[ -e $service_policy && ! -e $service_policy$saved ]] \
        && ! grep -q 'tally setup' "$service_policy"; then
        mv "$service_policy" "$service_policy$saved"
    fi
    printf '#!/bin/sh\nexit 101 # tally setup: nothing is started\n' >"$service_policy"
    chmod 755 "$service_policy"
}

# This is also right after a killed run: what that run saved is the original state.
restore() {
    rm -f "$cluster_extra"
    if [[ -d ${cluster_extra%/*} ]]; then
        rmdir --ignore-fail-on-non-empty "${cluster_extra%/*}"
    fi
    if [[ -e $cluster_settings$saved ]]; then
        mv "$cluster_settings$saved" "$cluster_settings"
    fi
    if [[ -e $service_policy$saved ]]; then
        mv "$service_policy$saved" "$service_policy"
    elif grep -qs 'tally setup' "$service_policy"; then
        rm -f "$service_policy"
    fi
}

stop() {
    echo "$*" >&2
    exit 1
}

main "$@"
