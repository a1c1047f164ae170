// Sends a message by SMTP. Swift cannot call curl_easy_setopt, whose arguments are variadic.
#ifndef TALLY_CURL_SHIM_H
#define TALLY_CURL_SHIM_H

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>

/// What to send, and how; all texts end with a zero byte and outlive the call.
struct tally_mail {
    const char *url;
    const char *from;
    const char *const *to;
    size_t to_count;
    /// NULL where the server needs no name.
    const char *user;
    const char *password;
    /// Whether to give up where the server has no TLS.
    int requires_tls;
    /// Certificates, as PEM, to check the server's with; NULL for those of the system.
    const char *ca_file;
    long timeout_seconds;
    const char *message;
    size_t message_length;
};

struct tally_mail_rest {
    const char *bytes;
    size_t count;
};

static size_t tally_mail_read(char *buffer, size_t size, size_t count, void *context) {
    struct tally_mail_rest *rest = (struct tally_mail_rest *)context;
    size_t length = size * count < rest->count ? size * count : rest->count;
    memcpy(buffer, rest->bytes, length);
    rest->bytes += length;
    rest->count -= length;
    return length;
}

/// Returns 0 once the server took the message; otherwise a code, with a sentence in `error`, which
/// has CURL_ERROR_SIZE bytes.
static inline int tally_mail_send(const struct tally_mail *mail, char *error) {
    error[0] = 0;
    CURL *curl = curl_easy_init();
    if (curl == NULL) return CURLE_FAILED_INIT;
    struct curl_slist *to = NULL;
    for (size_t index = 0; index < mail->to_count; index++) {
        struct curl_slist *longer = curl_slist_append(to, mail->to[index]);
        if (longer == NULL) {
            curl_slist_free_all(to);
            curl_easy_cleanup(curl);
            return CURLE_OUT_OF_MEMORY;
        }
        to = longer;
    }
    struct tally_mail_rest rest = {mail->message, mail->message_length};
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, mail->timeout_seconds);
    curl_easy_setopt(curl, CURLOPT_URL, mail->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(
        curl, CURLOPT_USE_SSL, (long)(mail->requires_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (mail->ca_file != NULL) curl_easy_setopt(curl, CURLOPT_CAINFO, mail->ca_file);
    if (mail->user != NULL) curl_easy_setopt(curl, CURLOPT_USERNAME, mail->user);
    if (mail->password != NULL) curl_easy_setopt(curl, CURLOPT_PASSWORD, mail->password);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, tally_mail_read);
    curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
    CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK && error[0] == 0) {
        strncpy(error, curl_easy_strerror(code), CURL_ERROR_SIZE - 1);
        error[CURL_ERROR_SIZE - 1] = 0;
    }
    curl_slist_free_all(to);
    curl_easy_cleanup(curl);
    return (int)code;
}

#endif
