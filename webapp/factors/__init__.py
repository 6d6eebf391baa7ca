"""What is asked at a login beside the password: a code of an app, a passkey, a code on paper."""
