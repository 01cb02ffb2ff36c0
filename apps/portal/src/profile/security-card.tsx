import { Card } from '../ui/card.tsx'
import { AuthenticatorSection, type SecurityProps } from './authenticator-section.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { ProviderSection } from './provider-section.tsx'

export function SecurityCard(props: SecurityProps) {
  return (
    <div id="security" className="scroll-mt-4">
      <Card title="Security">
        <div className="divide-y divide-line">
          <div>
            <AuthenticatorSection {...props} />
          </div>
          <div>
            <PasskeysSection {...props} />
          </div>
          <ProviderSection />
        </div>
      </Card>
    </div>
  )
}
