/** For tests of TLS alone: a key that everybody may know, and its own certificate, for "localhost" until 2126. Made with
 * openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost -addext subjectAltName=DNS:localhost */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgu/IVvUMWFdfdVY7M
qIzEIpGbQGFUUc6GE9J+DoDBN06hRANCAARpMmWpwJPlxDvuattppkZUsPh/Z+Ze
QD3NWaAGPl4a5KBYULGNHw2X4Tb9oZlo5pKYDx4i/GzC1HMNH2LImxXz
-----END PRIVATE KEY-----
`;

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUfh2AG6JKtL5hpv0L7zhLzN50wQAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTA5MzczNVoYDzIxMjYxMTAx
MDkzNzM1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARpMmWpwJPlxDvuattppkZUsPh/Z+ZeQD3NWaAGPl4a5KBYULGNHw2X
4Tb9oZlo5pKYDx4i/GzC1HMNH2LImxXzo2kwZzAdBgNVHQ4EFgQUOHvOvcEs9xxv
NQix2q6vFYJ5kl8wHwYDVR0jBBgwFoAUOHvOvcEs9xxvNQix2q6vFYJ5kl8wDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhAMB7tunVwXQLOfTvjnAfNPwJgiVfYIk2MB01WXNdRV2CAiEAzgTdsIPD
UhKx8vExXD6VzxnrxzCeFvmRfL2O1xn/fQo=
-----END CERTIFICATE-----
`;
